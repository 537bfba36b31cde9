// Shared by the model's tests: problems as short lines that can be compared, and a document to start from.
#pragma once

#include <string>
#include <vector>

#include "model/lint.hpp"
#include "model/parse.hpp"
#include "model/write.hpp"

namespace datasurface::model {

using Lines = std::vector<std::string>;

// "error /stores/0 missing_member"
inline Lines lines(const Problems &problems)
{
    Lines result;
    for (const Problem &problem : problems)
        result.push_back(std::string(word(problem.severity)) + " " + problem.pointer + " " + problem.code);
    return result;
}

// What parse and lint tell together.
inline Problems all_problems(const std::string &document, const Model &kept = {})
{
    Parsed parsed = parse(document);
    for (const Problem &problem : lint(parsed.model, kept))
        parsed.problems.push_back(problem);
    return parsed.problems;
}

inline Lines all_lines(const std::string &document, const Model &kept = {})
{
    return lines(all_problems(document, kept));
}

inline const std::string id_column = R"({"name": "id", "type": "bigint", "description": "d"})";

inline std::string dataset_json(const std::string &name, const std::string &columns = id_column,
                                const std::string &key = R"("id")", const std::string &more = "")
{
    return R"({"name": ")" + name + R"(", "description": "d", "columns": [)" + columns + R"(], "primary_key": [)" +
           key + R"(], )" + more + R"( "ingestion": {"kind": "push"}})";
}

inline std::string store_json(const std::string &name, const std::string &datasets, const std::string &more = "")
{
    return R"({"name": ")" + name + R"(", "description": "d", )" + more + R"("datasets": [)" + datasets + "]}";
}

inline std::string document_json(const std::string &stores, const std::string &workspaces = "")
{
    return R"({"stores": [)" + stores + R"(], "workspaces": [)" + workspaces + "]}";
}

// One store s with one dataset, d.
inline std::string with_dataset(const std::string &dataset)
{
    return document_json(store_json("s", dataset));
}

} // namespace datasurface::model
