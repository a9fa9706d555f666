"""How the encoder for questions learns: whole epochs of full steps, in another order each time."""

import random

from eval.train_query import EPOCHS, QUESTIONS_A_STEP, steps
from tests.unit.test_eval_lessons import asked


def test_each_epoch_asks_every_question_of_its_full_steps_once() -> None:
    questions = [asked(f"question {n}", {n}) for n in range(2 * QUESTIONS_A_STEP + 5)]
    made = list(steps(questions, random.Random(3)))
    assert [len(step) for step in made] == [QUESTIONS_A_STEP] * 2 * EPOCHS
    first, second = ({one.query for step in made[i : i + 2] for one in step} for i in (0, 2))
    assert len(first) == len(second) == 2 * QUESTIONS_A_STEP
    assert made[0] != made[2]
