#include "definition/plan_identity.hpp"

#include <set>

#include "base/text.hpp"

namespace datasurface::definition {

namespace {

using Names = std::set<std::string_view>;

Names names_in(const std::vector<Labels> &document)
{
    Names names;
    for (const Labels &entry : document)
        names.insert(entry.name);
    return names;
}

// Faults that the document has whatever is loaded.
class Within {
public:
    Within(std::string_view what, const std::vector<Labels> &document) : what(what), declared(names_in(document)) {}

    // Called for each entry, in order.
    bool is_faulty(std::size_t position, const Labels &entry, std::vector<WasFault> &faults)
    {
        std::string const old = std::string(what) + " " + shown(entry.was);
        if (entry.was == entry.name)
            faults.push_back({position, "was_itself", "the former name is the name itself: " + shown(entry.was),
                              "Leave \"was\" out, or give the name that it had."});
        else if (declared.contains(entry.was))
            faults.push_back({position, "was_declared", old + " is still in the document",
                              "A former name must be free. To swap names, or to give one to another " +
                                  std::string(what) + ", load the document several times."});
        else if (!claimed.insert(entry.was).second)
            faults.push_back(
                {position, "was_claimed_twice",
                 "another " + std::string(what) + " of the document has the former name " + shown(entry.was) + " too",
                 "One of them keeps what is there. The other is new, and has no \"was\"."});
        else
            return false;
        return true;
    }

private:
    std::string_view what;
    Names declared;
    Names claimed;
};

enum class Place { nowhere, in_model, left };

Place find(const NamesBefore &before, std::string_view name)
{
    auto const found = before.find(name);
    if (found == before.end())
        return Place::nowhere;
    return found->second ? Place::in_model : Place::left;
}

WasFault unknown(std::size_t position, std::string_view what, const Labels &entry, Place was, const std::string &where)
{
    std::string const old = std::string(what) + " " + shown(entry.was);
    if (was == Place::left)
        return {position, "was_unknown", old + " has left the model",
                "Load it under its former name first. Then load it with the new name."};
    std::string const stays = what == "dataset" ? " A dataset stays in its store." : "";
    return {position, "was_unknown",
            "the loaded model has neither " + old + " nor " + shown(entry.name) + (where.empty() ? "" : " in ") + where,
            "Correct the former name, or leave \"was\" out: then the " + std::string(what) + " is new." + stays};
}

WasFault taken(std::size_t position, std::string_view what, const Labels &entry, Place name)
{
    std::string const there = std::string(what) + " " + shown(entry.name);
    if (name == Place::left) {
        std::string hint = "Choose another name.";
        if (what == "dataset")
            hint += " Or drop its tables with ds_drop_dataset, which frees the name.";
        else if (what == "store")
            hint += " Or drop all of its datasets with ds_drop_dataset, which frees the name.";
        return {position, "was_taken", there + " has left the model, and still has this name", hint};
    }
    return {position, "was_taken", "the loaded model has both " + there + " and " + shown(entry.was),
            "Load the document without " + there + " first, or choose another name."};
}

} // namespace

Renames plan_renames(std::string_view what, const std::vector<Labels> &document, const NamesBefore *before,
                     const std::string &where)
{
    Renames renames;
    Within within(what, document);
    for (std::size_t i = 0; i < document.size(); ++i) {
        const Labels &entry = document[i];
        if (entry.name.empty() || entry.was.empty() || within.is_faulty(i, entry, renames.faults) || before == nullptr)
            continue;
        Place const was = find(*before, entry.was);
        Place const name = find(*before, entry.name);
        if (was == Place::in_model && name == Place::nowhere)
            renames.were.emplace(i, entry.was);
        else if (was == Place::in_model)
            renames.faults.push_back(taken(i, what, entry, name));
        else if (name == Place::nowhere)
            renames.faults.push_back(unknown(i, what, entry, was, where));
    }
    return renames;
}

ColumnIds plan_column_ids(const std::vector<model::Column> &columns, const FormerNames &were,
                          const ColumnsBefore &before)
{
    ColumnIds planned{std::vector<int>(columns.size(), 0), before.last_id};
    std::set<int> used;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        auto const was = were.find(i);
        auto const found = before.ids.find(was == were.end() ? columns[i].name : was->second);
        if (found != before.ids.end() && used.insert(found->second).second)
            planned.ids[i] = found->second;
    }
    std::map<std::string_view, int> made;
    for (const auto &[id, name] : before.made)
        made.emplace(name, id);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (planned.ids[i] != 0)
            continue;
        auto const found = made.find(columns[i].name);
        bool const comes_back = found != made.end() && used.insert(found->second).second;
        planned.ids[i] = comes_back ? found->second : ++planned.last_id;
    }
    return planned;
}

} // namespace datasurface::definition
