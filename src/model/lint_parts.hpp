// Private to lint: the rules for names, and one function per part of the document.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/interrupts.hpp"
#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

inline constexpr std::size_t longest_identifier = 63; // bytes, of what PostgreSQL calls by exactly this name
inline constexpr std::size_t longest_name = 200;      // bytes, of what gets physical names made from this one

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

// What sinks and consumers may refer to: datasets by store, and workspaces, of the document and of what is kept.
class Known {
public:
    explicit Known(const Model &document, const Model &kept);

    void lint_reference(const Sink &sink, const Pointer &at, Report &report) const;
    void lint_reference(const Consumer &consumer, const Pointer &at, Report &report) const;

private:
    void take(const Model &model);

    std::map<std::string_view, std::set<std::string_view>> datasets;
    std::set<std::string_view> workspaces;
};

void lint_dataset(const Dataset &dataset, const Pointer &at, Report &report);
void lint_access(const Access &access, const Known &known, const Pointer &at, Report &report);
void lint_store(const Store &store, const Known &known, const Pointer &at, Report &report,
                CheckInterrupts check_interrupts);
void lint_workspace(const Workspace &workspace, const Known &known, const Pointer &at, Report &report,
                    CheckInterrupts check_interrupts);

} // namespace datasurface::model
