import json
import shutil

import pytest

from scribal.runs.comparing.mcnemar import mcnemar


@pytest.fixture(scope="module")
def other_run(tmp_path_factory, small_mnist):
    """A run on the same data, of another network, trained for a moment."""
    import scribal

    out = tmp_path_factory.mktemp("runs") / "softmax-mlp"
    return scribal.train("softmax-mlp", data=small_mnist, epochs=2, learning_rate=0.0001, out=out).folder.path


@pytest.mark.parametrize(
    ("only_first", "only_second", "p"),
    # The tail of the binomial distribution, twice: 2 * (1 + 10) / 2**10; 2 / 2**6; no discordant sample.
    [(1, 9, 2 * 11 / 1024), (6, 0, 2 / 64), (0, 0, 1.0), (5, 5, 1.0)],
)
def test_mcnemar_is_the_exact_test(only_first, only_second, p):
    assert mcnemar(only_first, only_second) == pytest.approx(p)
    assert mcnemar(only_second, only_first) == pytest.approx(p)


def test_two_runs(scribal_here, finished_run, other_run, tmp_path):
    ended = scribal_here("compare", other_run, finished_run, "--json")
    told = ended.json
    one, other = (json.loads((run / "metrics.json").read_text()) for run in (other_run, finished_run))
    assert [run["test_accuracy"] for run in told["runs"]] == [one["test_accuracy"], other["test_accuracy"]]
    (pair,) = told["pairs"]
    assert pair["first"] == "lenet"
    assert pair["only_first_right"] - pair["only_second_right"] == one["test_errors"] - other["test_errors"]
    assert pair["p"] == mcnemar(pair["only_first_right"], pair["only_second_right"])
    assert told["differences"]["recipe"] == ["softmax-mlp", "lenet"]
    assert "seed" not in told["differences"]
    for run in told["runs"]:
        low, high = run["interval"]
        assert 0 < low < run["test_accuracy"] < high < 1
    assert (tmp_path / "comparison.html").is_file()


def test_the_table_and_the_page_say_the_same(scribal_here, browser_page, finished_run, other_run, tmp_path):
    ended = scribal_here("compare", finished_run, other_run, "--out", "two.html")
    assert "lenet is better than softmax-mlp" in ended.out
    page = browser_page.open(tmp_path / "two.html", width=400)
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert "lenet is better than softmax-mlp" in page.inner_text("main")
    chart = page.get_by_role("img", name="validation accuracy")
    chart.locator(".reading .band").nth(1).hover()
    shown = chart.locator(".reading .value").nth(1)
    assert shown.is_visible()
    assert "epoch 2" in shown.text_content()
    assert "softmax-mlp" in shown.text_content()
    accuracy = ended.out.splitlines()[1].split()[1]
    assert accuracy in page.locator("main table").first.inner_text().replace("\u202f", "")


def test_a_run_and_its_copy_are_equally_good(finished_run, tmp_path):
    import scribal

    copy = shutil.copytree(finished_run, tmp_path / finished_run.name)
    comparison = scribal.compare([finished_run, copy])
    assert [run.name for run in comparison.runs] == [str(finished_run), str(copy)]
    assert comparison.differences == {}
    assert comparison.pairs[0].p == 1
    assert not comparison.pairs[0].is_told_apart


def test_runs_on_other_data_have_no_pair(scribal_here, finished_run, other_run, tmp_path):
    copy = shutil.copytree(other_run, tmp_path / "elsewhere")
    run = json.loads((copy / "run.json").read_text())
    run["dataset"] |= {"sha256": "0" * 64, "name": "<i>other</i>"}
    (copy / "run.json").write_text(json.dumps(run))
    assert scribal_here("compare", finished_run, copy, "--json").json["pairs"] == []
    page = (tmp_path / "comparison.html").read_text(encoding="utf-8")
    assert "not tested on the same data" in page
    assert "<i>" not in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{run}"], ["two different runs", "Give their folders"]),
        (["{run}", "{run}/."], ["two different runs"]),
        (["{run}", "nowhere"], ["run.json", "nowhere"]),
    ],
)
def test_what_cannot_be_compared(scribal_here, finished_run, arguments, words):
    assert scribal_here("compare", *(word.format(run=finished_run) for word in arguments)).teaches(*words)


def test_a_run_that_is_not_complete(scribal_here, finished_run, other_run, tmp_path):
    copy = shutil.copytree(other_run, tmp_path / "half")
    (copy / "metrics.json").unlink()
    assert scribal_here("compare", finished_run, copy).teaches("metrics.json", "--resume")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.json", "{}", "run.json without command"),
        ("metrics.json", "{}", "metrics.json without test_loss"),
        ("metrics.json", "{", "readable metrics.json"),
        ("history.csv", None, "readable history.csv"),
        ("history.csv", "", "readable history.csv"),
        ("history.csv", "epoch\n1\n", "no column loss"),
    ],
)
@pytest.mark.parametrize("command", [("report", "damaged"), ("compare", "damaged")], ids=["report", "compare"])
def test_a_damaged_run_is_one_line(scribal_here, finished_run, tmp_path, command, name, content, words):
    shutil.copytree(finished_run, tmp_path / "damaged")
    (tmp_path / "damaged" / name).unlink()
    if content is not None:
        (tmp_path / "damaged" / name).write_text(content, encoding="utf-8")
    others = [finished_run] if command[0] == "compare" else []
    assert scribal_here(*command, *others).teaches(words)
