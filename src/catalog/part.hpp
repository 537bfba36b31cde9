// Within the room catalog: what the catalogs of the parts of a model (stores, workspaces, sources, credentials) have in common.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "pg/spi.hpp"

namespace datasurface::catalog {

// Names and whether they are in the model, from rows of these two columns.
std::map<std::string, bool, std::less<>> names_of(const pg::Rows &rows);

// What the catalogs of sources and credentials have beside the name.
struct Part {
    int id = 0;
    std::string owner;
    std::string definition;
    bool in_model = true;
};

// table: "source" or "credential".
std::optional<Part> find_part(const std::string &table, const std::string &name);
int save_part(const std::string &table, const std::string &name, const Part &part,
              const std::string &loaded_by); // returns the id

// table: "source", "credential", "store" or "workspace".
std::map<std::string, bool, std::less<>> part_names(const std::string &table);
void retire_part(const std::string &table, const std::string &name);
void rename_part(const std::string &table, const std::string &from, const std::string &to);

} // namespace datasurface::catalog
