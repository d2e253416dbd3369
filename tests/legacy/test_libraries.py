"""What NumPy, SciPy, pandas, Matplotlib and Pillow dropped is there for an old script, and for nobody else."""

import numpy as np
import pandas as pd
import pytest
from old_program import run_here

START = (
    "import numpy as np, pandas as pd\nfrom PIL import Image\nimport matplotlib.pyplot as plt\n"
    "df = pd.DataFrame({'a': [1.0, 2.0], 'b': ['x', 'y']})\n"
)
LINE = START.count("\n") + 1
GIVEN = [
    ("print(np.int(3.5), np.float is float, np.bool(1))", "3 True True", "numpy.int", "int"),
    ("from numpy import Inf; print(Inf)", "inf", "numpy.Inf", "numpy.inf"),
    ("print(np.asscalar(np.array([[4]])))", "4", "numpy.asscalar", "a.item()"),
    (
        "np.save('o', np.array([{}], object)); print(np.load('o.npy'))",
        "[{}]",
        "load(file)",
        "load(file, allow_pickle=True)",
    ),
    ("from scipy import interp; print(interp(1.5, [1, 2], [0, 1]))", "0.5", "scipy.interp", "numpy.interp"),
    (
        "df = df.append({'a': 3.0, 'b': 'z'}, ignore_index=True); print(len(df))",
        "3",
        "x.append()",
        "pandas.concat([x, other])",
    ),
    ("print(df.ix[0, 'a'], df.ix[:, 'b'].tolist())", "1.0 ['x', 'y']", "x.ix[...]", "x.loc[...] or x.iloc[...]"),
    ("print(df.as_matrix(['a']).tolist())", "[[1.0], [2.0]]", "x.as_matrix()", "x.values"),
    ("print([name for name, _ in df.iteritems()])", "['a', 'b']", "x.iteritems()", "x.items()"),
    ("print(df.drop('a', 1).columns.tolist())", "['b']", "drop(labels, 1)", "drop(labels, axis=1)"),
    ("print(pd.get_dummies(df['b']).values.dtype)", "uint8", "get_dummies(x)", 'get_dummies(x, dtype="uint8")'),
    (
        "from sklearn.preprocessing import *; print(OneHotEncoder(sparse=False).fit_transform([['a']]).tolist())",
        "[[1.0]]",
        "OneHotEncoder(sparse=False)",
        "OneHotEncoder(sparse_output=False)",
    ),
    (
        "print(Image.new('L', (4, 4)).resize((2, 2), Image.ANTIALIAS).size)",
        "(2, 2)",
        "PIL.Image.ANTIALIAS",
        "PIL.Image.Resampling.LANCZOS",
    ),
    ("print(len(plt.hist([1, 2], bins=2, normed=True)[0]))", "2", "hist(normed=...)", "hist(density=...)"),
    ("print(plt.gcf().gca(projection='3d').name)", "3d", "gca(projection=...)", "add_subplot(projection=...)"),
    ("print(plt.gca(projection='3d').name)", "3d", "gca(projection=...)", "add_subplot(projection=...)"),
    ("print(df['a'].ravel().shape, df['a'].reshape(-1, 1).shape)", "(2,) (2, 1)", "x.ravel()", "x.to_numpy()"),
    ("from pandas.tools.plotting import scatter_matrix; print(1)", "1", "pandas.tools.plotting", "pandas.plotting"),
    ("import h5py; f = h5py.File('f', 'w'); f['x'] = [3]; print(f['x'].value)", "[3]", ".value", "[()]"),
    (
        "import seaborn as sns; print(len(sns.barplot(df['b'], df['a']).patches))",
        "2",
        "barplot(x, y)",
        "barplot(x=x, y=y)",
    ),
    ("import seaborn as sns; print(len(sns.countplot(df['b']).patches))", "2", "countplot(x)", "countplot(x=x)"),
    (
        "from sklearn.model_selection import KFold; print(KFold(2, random_state=7).get_n_splits())",
        "2",
        "KFold(random_state=7)",
        "KFold(…)",
    ),
    (
        "from sklearn.metrics import confusion_matrix; print(confusion_matrix([1], [1], [0, 1]).tolist())",
        "[[0, 0], [0, 1]]",
        "confusion_matrix([1], [1], [0, 1])",
        "confusion_matrix([1], [1], labels=[0, 1])",
    ),
    (
        "from sklearn.utils import class_weight as c; print(c.compute_class_weight('balanced', np.arange(2), [0, 1]))",
        "[1. 1.]",
        "compute_class_weight('balanced', …, [0, 1])",
        "compute_class_weight('balanced', classes=…, y=[0, 1])",
    ),
    ("plt.style.use('seaborn-white'); print(1)", "1", "style.use('seaborn-white')", "style.use('seaborn-v0_8-white')"),
]


@pytest.mark.parametrize(("source", "shown", "old", "modern"), GIVEN, ids=[given[2] for given in GIVEN])
def test_what_is_gone_is_given_back_and_noted(tmp_path, source, shown, old, modern):
    ran = run_here(tmp_path, {"old.py": f"{START}{source}\nplt.close('all')\n"})
    assert ran.error is None, ran.err
    assert ran.out == shown + "\n"
    assert ran.changes[LINE, old] == modern


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("print(df.dtypes[df.dtypes == 'object'].index.tolist())", "['b']"),
        ("x = df[['a']].values; x[0] = 5; x /= 2; print(x.tolist())", "[[2.5], [1.0]]"),
        ("print(df['b'].values.reshape(-1, 1).shape)", "(2, 1)"),
    ],
)
def test_tables_hold_what_they_held(tmp_path, source, shown):
    assert run_here(tmp_path, {"old.py": START + source}).out == shown + "\n"


def test_images_are_read_resized_and_written_as_scipy_did(tmp_path):
    source = (
        "import numpy as np\nimport scipy.misc\nfrom scipy.misc import imread, imresize, imsave\n"
        "x = np.arange(60, dtype='uint8').reshape(6, 10)\nimsave('x.png', x)\n"
        "print((imread('x.png') == x).all(), imread('x.png', flatten=True).dtype)\n"
        "print(imresize(x, (3, 5)).shape, imresize(x, 50).shape, imresize(x, 2.0).shape)\n"
        "print(scipy.misc.toimage(x / 60.0).size, scipy.misc.bytescale(np.array([0.0, 2.0])))\n"
    )
    ran = run_here(tmp_path, {"old.py": source})
    assert ran.out == "True float32\n(3, 5) (3, 5) (12, 20)\n(10, 6) [  0 255]\n"


def test_libraries_are_what_they_were_after_a_run(tmp_path):
    before = np.load, pd.read_csv, pd.DataFrame.drop, pd.get_option("future.infer_string")
    run_here(tmp_path, {"old.py": START + "np.int"})
    assert (np.load, pd.read_csv, pd.DataFrame.drop, pd.get_option("future.infer_string")) == before
    assert not hasattr(np, "int")
    assert not hasattr(pd.DataFrame, "ix")


def test_a_library_that_asks_gets_todays_answer(tmp_path):
    source = (
        "import numpy as np\nlibrary = {'np': np}\n"
        "exec(compile('there = hasattr(np, \"int\")', 'library', 'exec'), library)\n"
        "print(library['there'], hasattr(np, 'int'))\n"
    )
    assert run_here(tmp_path, {"old.py": source}).out == "False True\n"


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("df['c'].fillna(0, inplace=True)", "[7.0, 0.0]"),
        ("df.c.fillna(0, inplace=True)", "[7.0, 0.0]"),
        ("for name in ['c']: df[name].fillna(0, inplace=True)", "[7.0, 0.0]"),
        ("df['c'][df['a'] > 1] = 5", "[7.0, 5.0]"),
        ("df['c'][0] += 1", "[8.0, nan]"),
        ("df['c'].fillna(0)", "[7.0, nan]"),
        ("other = {'c': [1, 2]}; other['c'][0] = 3; df['c'] = other['c']", "[3, 2]"),
    ],
)
def test_a_column_is_changed_in_its_table(tmp_path, statement, shown):
    source = f"{START}df['c'] = [7.0, None]\n{statement}\nprint(df['c'].tolist())\n"
    ran = run_here(tmp_path, {"old.py": source})
    assert ran.out == shown + "\n", ran.err
