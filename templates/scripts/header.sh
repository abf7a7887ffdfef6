#!/bin/sh
# @SCRIPT@ of @PACKAGE@: @PURPOSE@
set -e

