#include "model/parse.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "model/read.hpp"

namespace datasurface::model {

namespace {

// A part that we wrote: whatever is wrong with it, somebody has changed the catalog.
template <typename Read>
auto part_from_json(std::string_view text, const char *what, Read read)
{
    Report report;
    Json tree;
    decltype(read(tree, Pointer(), report)) part;
    if (read_tree(text, tree, report))
        part = read(tree, Pointer(), report);
    Problems const problems = report.take();
    if (!has_errors(problems))
        return part;
    std::string detail;
    for (const Problem &problem : problems) {
        if (problem.severity != Severity::error)
            continue;
        detail += detail.empty() ? "" : "\n";
        detail += (problem.pointer.empty() ? "" : problem.pointer + ": ") + problem.message;
    }
    throw Error(sqlstate::internal_error, std::string("the definition of a ") + what + " in the catalog is broken",
                detail);
}

} // namespace

Parsed parse(std::string_view text)
{
    Report report;
    Json tree;
    Parsed parsed;
    if (read_tree(text, tree, report))
        parsed.model = read_model(tree, report);
    parsed.problems = report.take();
    return parsed;
}

Store store_from_json(std::string_view text)
{
    return part_from_json(text, "store", read_store);
}

Access access_from_json(std::string_view text)
{
    return part_from_json(text, "store's access", read_access);
}

Dataset dataset_from_json(std::string_view text)
{
    return part_from_json(text, "dataset", read_dataset);
}

Workspace workspace_from_json(std::string_view text)
{
    return part_from_json(text, "workspace", read_workspace);
}

} // namespace datasurface::model
