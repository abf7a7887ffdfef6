# What a script imports, found without running it: the statements that import whenever it runs.
import ast

# Functions that find places, set the path or a setting; whatever else a program calls is not called.
HARMLESS = set(
    "Path PurePath dirname abspath realpath normpath join joinpath resolve absolute expanduser str"
    " insert append extend setdefault get getcwd cwd split strip".split()
)
# Called with the name of what a server is to load.
SERVERS = {"uvicorn.run", "uvicorn.Config", "Granian", "granian.Granian"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def dotted(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return dotted(node.value) + "." + node.attr
    return ""


def is_main(test):
    """__name__ == "__main__", either way round."""
    if not isinstance(test, ast.Compare) or len(test.comparators) != 1:
        return False
    sides = [test.left, test.comparators[0]]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)


class Code:
    """What a module or function does whenever it runs: no branch, no loop, nothing in a `try` that
    goes on without it; functions of its own that it calls there, too."""

    def __init__(self, tree):
        self.functions = {node.name: node for node in tree.body if isinstance(node, FUNCTIONS)}
        self.followed = set()
        self.passed_over = []

    def statements(self, body):
        for node in body:
            if isinstance(node, (ast.With, ast.AsyncWith)):
                if any("suppress" in dotted(getattr(each.context_expr, "func", None)) for each in node.items):
                    self.passed_over.append(node)
                else:
                    yield from self.statements(node.body)
            elif isinstance(node, ast.If) and is_main(node.test):
                yield from self.statements(node.body)
            elif isinstance(node, ast.Try):
                if all(isinstance(each.body[-1], ast.Raise) for each in node.handlers):
                    yield from self.statements(node.body)
                else:
                    self.passed_over.append(node)
                yield from self.statements(node.finalbody)
            elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                continue
            elif hasattr(node, "body"):
                self.passed_over.append(node)
            else:
                yield node
                yield from self.called(node)

    def called(self, statement):
        for node in ast.walk(statement):
            if isinstance(node, ast.Lambda):
                return
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if name in self.functions and name not in self.followed:
                self.followed.add(name)
                yield from self.statements(self.functions[name].body)


def is_harmless(statement):
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return True
    if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)):
        return False
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return all(dotted(call.func).rpartition(".")[2] in HARMLESS for call in calls) and not any(
        isinstance(node, (ast.Lambda, ast.Await, ast.Yield)) for node in ast.walk(statement)
    )


def run_imports_of(source, file, package, body=None, scope=None):
    """Runs what imports; whether another way of looking for modules was passed over."""
    tree = ast.parse(source, file)
    code = Code(tree)
    scope = {"__name__": "__starts__", "__file__": file, "__package__": package} if scope is None else scope
    passed_over = code.passed_over
    loads = []
    error = None
    for statement in code.statements(tree.body if body is None else body):
        loads.extend(loaded_by_name(statement))
        if not is_harmless(statement):
            passed_over.append(statement)
            continue
        try:
            exec(compile(ast.Module(body=[statement], type_ignores=[]), file, "exec"), scope)
        except (ImportError, SyntaxError) as caught:
            error = error or caught
        except Exception as caught:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                raise
    unsure = any(
        dotted(node) == "sys.path" or dotted(node).endswith("site.addsitedir")
        for statement in passed_over
        for node in ast.walk(statement)
    )
    if error is not None:
        error.unsure = unsure
        raise error
    return loads, scope


def loaded_by_name(statement):
    """uvicorn.run("package.module:app"): what a program names in a string."""
    for node in ast.walk(statement):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        if name in SERVERS and node.args and isinstance(node.args[0], ast.Constant):
            if isinstance(node.args[0].value, str) and ":" in node.args[0].value:
                yield node.args[0].value
        elif name.rpartition(".")[2] == "execute_from_command_line":
            yield "django"
