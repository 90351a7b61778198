# SPDX-License-Identifier: Apache-2.0
"""Random draws that Python's own library lacks. Each takes its generator, so that a seed gives the same world."""
import math


def poisson(random, mean):
    """how many, when they come independently"""
    if mean <= 0:
        return 0
    if mean > 50:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        product *= random.random()
        count += 1
    return count


def clustered(random, mean, dispersion):
    """a gamma-Poisson draw: good days and idle days; `dispersion` is variance over mean"""
    if mean <= 0:
        return 0
    shape = mean / (dispersion - 1)
    return poisson(random, random.gammavariate(shape, mean / shape))


def between(random, low, high):
    """log-uniform: as often from 10 to 100 as from 100 to 1000"""
    return math.exp(random.uniform(math.log(low), math.log(high)))


def one_of(random, table):
    """a key of {key: weight}"""
    return random.choices(list(table), table.values())[0]


def scatter(*numbers):
    """a well-mixed number from 0 up to 1, always the same for these whole numbers: a fate, whatever the order of things"""
    mixed = 0x9E3779B97F4A7C15
    for number in numbers:
        mixed = ((mixed ^ number) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        mixed ^= mixed >> 29
    return mixed / 2.0 ** 64
