from setuptools import Extension, setup

setup(
    name="work-by-setup",
    version="1.0",
    packages=["work_by_setup"],
    package_data={"work_by_setup": ["words.txt"]},
    ext_modules=[Extension("work_by_setup._fast", ["fast.c"])],
    install_requires=["idna"],
    entry_points={"console_scripts": ["work=work_by_setup:main"]},
)
