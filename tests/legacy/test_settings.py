"""What a program sets for all of Keras does not outlive it."""

import keras

from scribal.legacy import run_file


def test_the_order_of_axes_that_a_program_sets_ends_with_it(tmp_path, monkeypatch, capfd):
    program = tmp_path / "old.py"
    program.write_text(
        "from keras import backend as K\nK.set_image_dim_ordering('th')\nprint(K.image_dim_ordering())\n"
    )
    monkeypatch.chdir(tmp_path)
    assert run_file(str(program)).error is None
    assert capfd.readouterr().out == "th\n"
    assert keras.config.image_data_format() == "channels_last"
