#undef NDEBUG // so that assertions of Python's headers keep the __FILE__ of those
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *twice(PyObject *self, PyObject *argument) {
    (void)self;
    return PyNumber_Add(argument, argument);
}

static PyObject *first(PyObject *self, PyObject *argument) {
    (void)self;
    return PyLong_FromUnsignedLong(PyUnicode_READ_CHAR(argument, 0));
}

static PyMethodDef methods[] = {{"twice", twice, METH_O, "Adds a value to itself."},
                                {"first", first, METH_O, "The code of a text's first character."},
                                {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", 0, -1, methods, 0, 0, 0, 0};

PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&module); }
