import numpy as np

from scribal.engine.threefry import dropout_key, keep_mask, threefry


def words(*values):
    return tuple(np.array([value], np.uint32) for value in values)


def test_known_answers():
    # The known-answer vectors published with the generator, Random123.
    ones = 0xFFFFFFFF
    assert threefry((0, 0), *words(0, 0)) == words(0x6B200159, 0x99BA4EFE)
    assert threefry((ones, ones), *words(ones, ones)) == words(0x1CB996FC, 0xBB002BE7)
    assert threefry((0x13198A2E, 0x03707344), *words(0x243F6A88, 0x85A308D3)) == words(0xC4923A9C, 0x483DF7A0)


def test_masks_differ_by_seed_step_layer_and_repeat_otherwise():
    masks = [
        keep_mask(dropout_key(*where), 4, 50, 0.5) for where in [(1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1), (1, 0, 0)]
    ]
    assert np.array_equal(masks[0], masks[4])
    assert all(not np.array_equal(masks[0], mask) for mask in masks[1:4])


def test_a_mask_of_fewer_samples_is_the_beginning_of_a_larger_one():
    assert np.array_equal(keep_mask((5, 6), 3, 7, 0.3), keep_mask((5, 6), 8, 7, 0.3)[:3])
