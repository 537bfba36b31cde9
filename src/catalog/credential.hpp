#pragma once

#include <map>
#include <optional>
#include <string>

#include "model/types.hpp"

namespace datasurface::catalog {

struct Credential {
    int id = 0;
    model::Credential definition; // with its owner; of kind files without one
    bool in_model = true;
};

std::optional<Credential> find_credential(const std::string &name);                      // in the model or not
std::map<std::string, bool, std::less<>> credential_names();                             // true: in the model
void save_credential(const model::Credential &credential, const std::string &loaded_by); // with its owner filled in
void retire_credential(const std::string &name);
void rename_credential(const std::string &from, const std::string &to);

} // namespace datasurface::catalog
