// The services of a project: by its own commands, by its applications, by its programs.
#pragma once

#include <string>
#include <vector>

#include "init/applications.hpp"
#include "init/commands.hpp"
#include "init/guesses.hpp"

namespace dba::init {

struct ServiceGuess {
    std::string name;
    std::vector<std::string> words;
    std::string why;
    std::vector<std::string> environment;  // K=V
    std::string port;                      // serves HTTP there; "" = no
    std::string health;                    // its path; "" = unknown
    std::string stop_timeout;
};

// Whether a command's program will be there; has it brought along, or says why not.
bool accept(Guessed& guessed, OwnCommand& command);

// A server for an application, the one that the project asks for.
ServiceGuess serve(Guessed& guessed, const Application& application);

// What runs without being asked over HTTP: console scripts and main modules that never end.
std::vector<ServiceGuess> daemons(Guessed& guessed);

// Streamlit's pages.
std::vector<ServiceGuess> pages(Guessed& guessed);

}  // namespace dba::init
