#!/bin/bash
# The Python of docs/airflow.md compiles, and its DAG works with what Airflow 2 and 3 bring: each one's imports, and the COPY of
# each one's driver, which gives the server the whole file; and its DAG of decisions says so when a batch is held anew. Airflow
# is not needed: its modules and the database are stubs.
command -v python3 > /dev/null || { echo "no python3 here"; exit 77; }
exec python3 -B - << 'END'
import io, re, sys, types, unittest.mock

blocks = re.findall(r"^```python\n(.*?)^```$", open("docs/airflow.md").read(), re.S | re.M)
for block in blocks:
    compile(block, "docs/airflow.md", "exec")
FILE = '501,1,"20.00"\r\n502,2,"two\r\nlines"\r\n'


class Cursor:
    """Answers as the database does, and remembers what it was asked and sent."""

    def __init__(self, states):
        self.said, self.copied, self.states, self.answer = [], "", states, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def execute(self, statement, values):
        self.said.append((re.search(r"ds_\w+", statement).group(), values))
        self.answer = self.states.pop(0) if "ds_reset_batch" in statement else 7

    def fetchone(self):
        return (self.answer,)


class Psycopg2(Cursor):
    def copy_expert(self, statement, file):
        self.copied = file.read()


class Psycopg3(Cursor):
    def copy(self, statement):
        return self

    def write(self, piece):
        self.copied += piece


def module(name, **names):
    made = types.ModuleType(name)
    made.__dict__.update(names)
    return {name: made}


def run_page(version, cursor, text):
    """Reads the page's DAG as Airflow would, and calls its push; returns the statements of its other tasks."""
    statements = []
    connection = unittest.mock.MagicMock()
    connection.cursor.return_value = cursor
    names = dict(dag=lambda **_: lambda function: function, task=lambda function: tasks.append(function) or unittest.mock.MagicMock())
    tasks = []
    modules = {"airflow.sdk": None, **module("airflow"), **module(version, **names)}
    modules |= module("airflow.providers.common.sql.operators.sql", SQLExecuteQueryOperator=lambda **said: statements.append(said["sql"]) or unittest.mock.MagicMock())
    modules |= module("airflow.providers.postgres.hooks.postgres", PostgresHook=lambda _: types.SimpleNamespace(get_conn=lambda: connection))
    page = {"open": lambda *_, **how: io.StringIO(text, newline=how.get("newline"))}
    with unittest.mock.patch.dict(sys.modules, modules):
        exec(blocks[0], page)
        tasks[0](run_id="today")
    return statements


for version, driver in (("airflow.decorators", Psycopg2), ("airflow.sdk", Psycopg3), ("airflow.sdk", Psycopg2)):
    begin = [("ds_start_batch", ("today",)), ("ds_reset_batch", (7,))]
    for text, state, rows in ((FILE, "started", 2), ("", "started", None), (FILE, "committed", None)):
        cursor = driver([state])
        statements = run_page(version, cursor, text)
        expected = begin if state == "committed" else begin + [("ds_ingest", (7, rows))]
        assert cursor.said == expected, (version, driver.__name__, cursor.said)
        assert cursor.copied == ("" if state == "committed" else text), (version, driver.__name__, cursor.copied)
    assert sum("ds_run(" in statement for statement in statements) == 2, statements


def decide(version, decision, answer):
    """Calls the task of the DAG that decides about held batches; returns what its hook was asked."""
    tasks, asked = [], []

    class Hook:
        def __init__(self, connection):
            asked.append(connection)

        def run(self, statement, parameters, autocommit, handler):
            asked.extend((re.search(r"ds_\w+", statement).group(), re.findall(r"%\((\w+)\)s", statement), autocommit))
            assert set(asked[2]) <= set(parameters), parameters
            return handler(types.SimpleNamespace(fetchone=lambda: (answer,)))

    names = dict(dag=lambda **said: lambda function: function, task=lambda function: tasks.append(function) or unittest.mock.MagicMock(),
                 Param=lambda *_, **__: None)
    modules = {"airflow.sdk": None, **module("airflow"), **module(version, **names), **module("airflow.models.param", **names)}
    modules |= module("airflow.providers.postgres.hooks.postgres", PostgresHook=Hook)
    with unittest.mock.patch.dict(sys.modules, modules):
        exec(next(block for block in blocks if "def decide(" in block), {})
        tasks[0](params={"stream": "crm", "batch": 4, "decision": decision, "reason": "Ada has looked at it"})
    return asked


for version in ("airflow.decorators", "airflow.sdk"):
    for decision, answer in (("release", "DONE"), ("discard", None)):
        asked = decide(version, decision, answer)
        assert asked == ["warehouse_release", f"ds_{decision}_batch", ["stream", "batch", "reason"], True], asked
    try:
        decide(version, "release", "HELD")
    except RuntimeError:
        continue
    raise AssertionError("a batch that is held anew is no success")
END
