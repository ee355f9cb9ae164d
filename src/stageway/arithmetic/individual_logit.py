"""Worths of each person, drawn towards those of all: empirical Bayes for the conditional logit.

    person's β_i maximises  log-likelihood_i(β) − (β − μ)' Σ⁻¹ (β − μ) / 2          (a ridge towards the population)
    μ = mean of β_i,  Σ = mean of (β_i − μ)(β_i − μ)' + H_i⁻¹                        (EM with Laplace's approximation)

With few answers a person stays near the population, with many near the own choices: for predicting choices, not for describing a person.
Sources: Allenby & Rossi (1998), J. Econometrics 89, 57–78; Train (2009), Discrete Choice Methods with Simulation, ch. 11–12.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stageway.arithmetic.choice_logit import Array, Fit, Ints, Sets, probabilities

ROUNDS, CLOSE = 25, 5e-3
#: cells of outer products held at once (64 MB)
CELLS = 8_000_000


@dataclass(frozen=True)
class People:
    """`beta` (people, k), the `spread` (people, k, k) of what is not known of each (inverse information), mean and covariance of all."""

    beta: Array
    spread: Array
    mean: Array
    covariance: Array


def personal(sets: Sets, found: Fit) -> People:
    """`sets` in the order of their persons. People without a set stay at the mean."""
    k = sets.x.shape[1]
    mean: Array = found.beta.copy()
    covariance = np.asarray(np.linalg.pinv(found.information) * max(found.people, 1), dtype=np.float64)
    beta: Array = np.tile(mean, (sets.people, 1))
    for turn in range(ROUNDS):
        pull = np.linalg.inv(covariance + np.eye(k) * 1e-6 * np.trace(covariance) / k)
        for _ in range(3 if turn == 0 else 1):
            gradient, curvature = _slopes(sets, beta)
            inverse = np.asarray(np.linalg.inv(curvature + pull), dtype=np.float64)
            step = np.einsum("pij,pj->pi", inverse, gradient - (beta - mean) @ pull)
            length = np.sqrt((step**2).sum(axis=1, keepdims=True))
            beta = np.asarray(beta + step * np.minimum(1.0, 5.0 / np.maximum(length, 1e-12)), dtype=np.float64)
        before = covariance
        mean = np.asarray(beta.mean(axis=0), dtype=np.float64)
        covariance = np.asarray(((beta - mean).T @ (beta - mean) + inverse.sum(axis=0)) / sets.people, dtype=np.float64)
        if np.abs(covariance - before).max() < CLOSE * np.abs(before).max():
            break
    return People(beta, inverse, mean, covariance)




def _slopes(sets: Sets, beta: Array) -> tuple[Array, Array]:
    """Gradient (people, k) and information (people, k, k) of each person's own likelihood."""
    k, sizes = sets.x.shape[1], sets.sizes
    owner = np.repeat(sets.person, sizes)
    p, _ = probabilities(np.einsum("rk,rk->r", sets.x, beta[owner]), sets.starts, sizes)
    mean = np.add.reduceat(sets.x * p[:, None], sets.starts, axis=0)
    gradient, curvature = np.zeros((sets.people, k)), np.zeros((sets.people, k, k))
    np.add.at(gradient, sets.person, sets.x[sets.chosen] - mean)
    _add_outer(curvature, sets.x, p, owner)
    _add_outer(curvature, mean, -np.ones(len(mean)), sets.person)
    return gradient, curvature


def _add_outer(into: Array, x: Array, weights: Array, owner: Ints) -> None:
    """Adds w x x' of each row to its owner; rows are in the order of their owners."""
    size = max(1, CELLS // x.shape[1] ** 2)
    for start in range(0, len(x), size):
        part, who = x[start : start + size], owner[start : start + size]
        firsts = np.flatnonzero(np.append(True, who[1:] != who[:-1]))
        into[who[firsts]] += np.add.reduceat(part[:, :, None] * (part * weights[start : start + size, None])[:, None, :], firsts, axis=0)
