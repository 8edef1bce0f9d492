"""What loading vectors costs, the course's reader and gensim's side by side, and what each lesson costs.

files    a generated file of vectors in three formats         measured   one load, in a program of its own
loading  the table: medians of several such programs          lessons    seconds, memory and slowest cells of lessons
"""
