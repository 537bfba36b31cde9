// The rules for names.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "model/report.hpp"

namespace datasurface::model {

inline constexpr std::size_t longest_identifier = 63; // bytes, of a name that an object of PostgreSQL has
inline constexpr std::size_t longest_name = 200;      // bytes, of a name that names of objects are derived from

// True for PostgreSQL's schemas and ours, which no store or workspace may use.
bool is_reserved_schema(std::string_view schema);

// Accepts an empty name, because the reader has reported it.
void lint_name(const std::string &name, const Pointer &at, std::string_view what, std::size_t longest, Report &report);

// A name must not contain '#', which separates store and dataset in the name of a stream.
void lint_stream_name(const std::string &name, const Pointer &at, std::string_view what, Report &report);

// The name of a store or dataset, without that of its schema.
void lint_stream_owner(const std::string &name, const Pointer &at, std::string_view what, Report &report);

// The name, schema and owner of a store or workspace. Where no schema is given, the one named after it is checked.
struct Housing {
    const std::string &name;
    const std::string &schema;
    const std::string &owner;
};
void lint_housing(const Housing &housing, const Pointer &at, std::string_view what, Report &report);

// Names that must be unique.
class Distinct {
public:
    explicit Distinct(std::string_view what) : what(what) {}

    void take_kept(const std::string &name) { first_at.emplace(name, Pointer()); } // of the loaded model
    void add(const std::string &name, const Pointer &at, Report &report, const std::string &hint = {});

private:
    std::string_view what;
    std::map<std::string, Pointer, std::less<>> first_at;
};

} // namespace datasurface::model
