// The rules for names.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "model/report.hpp"

namespace datasurface::model {

inline constexpr std::size_t longest_identifier = 63; // bytes, of what PostgreSQL calls by exactly this name
inline constexpr std::size_t longest_name = 200;      // bytes, of what gets physical names made from this one

// PostgreSQL's schemas and ours, which no store or workspace can have.
bool is_reserved_schema(std::string_view schema);

// An empty name has been reported by the reader, and passes here.
void lint_name(const std::string &name, const Pointer &at, std::string_view what, std::size_t longest, Report &report);

// '#' stands between store and dataset in the name of a stream.
void lint_stream_name(const std::string &name, const Pointer &at, std::string_view what, Report &report);

// The name of a store or workspace with the schema that it names or that is named after it, and the owner of both.
struct Housing {
    const std::string &name;
    const std::string &schema;
    const std::string &owner;
};
void lint_housing(const Housing &housing, const Pointer &at, std::string_view what, Report &report);

// Names that must differ from each other.
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
