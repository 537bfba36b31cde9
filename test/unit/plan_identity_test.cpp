// Which entry of the loaded model an entry of a document is.

#include <gtest/gtest.h>

#include "definition/plan_identity.hpp"

namespace datasurface::definition {

namespace {

using Lines = std::vector<std::string>;

// The outcome for each entry that has one: "0 was a", or "0 was_unknown".
Lines renames(const std::vector<Labels> &document, const NamesBefore *before)
{
    Renames const planned = plan_renames("column", document, before);
    Lines lines;
    for (const auto &[position, name] : planned.were)
        lines.push_back(std::to_string(position) + " was " + name);
    for (const WasFault &fault : planned.faults) {
        lines.push_back(std::to_string(fault.position) + " " + fault.code);
        EXPECT_FALSE(fault.message.empty());
        EXPECT_FALSE(fault.hint.empty());
    }
    return lines;
}

Lines renames(const std::vector<Labels> &document, const NamesBefore &before)
{
    return renames(document, &before);
}

// A dataset through several loads.
class Loads {
public:
    using Ids = std::map<std::string, int>;

    // Loads columns "a", or "b was a"; the ids by name.
    Ids load(const std::vector<std::string> &texts)
    {
        std::vector<model::Column> columns;
        for (const std::string &text : texts) {
            std::size_t const was = text.find(" was ");
            columns.push_back({text.substr(0, was), "text", ""});
            if (was != std::string::npos)
                columns.back().was = std::make_shared<std::string>(text.substr(was + 5));
        }
        std::vector<Labels> labels;
        for (const model::Column &column : columns)
            labels.push_back({column.name, column.was ? std::string_view(*column.was) : std::string_view()});
        NamesBefore names;
        for (const auto &[name, unused] : now.ids)
            names.emplace(name, true);
        Renames const renames = plan_renames("column", labels, is_loaded ? &names : nullptr);
        EXPECT_EQ(renames.faults.size(), 0u);
        ColumnIds const planned = plan_column_ids(columns, renames.were, now);
        is_loaded = true;
        now.ids.clear();
        Ids ids;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            now.ids.emplace(columns[i].name, planned.ids[i]);
            ids.emplace(columns[i].name, planned.ids[i]);
        }
        now.last_id = planned.last_id;
        return ids;
    }

    void reconcile()
    {
        now.made.clear();
        for (const auto &[name, id] : now.ids)
            now.made.emplace(id, name);
    }

private:
    bool is_loaded = false;
    ColumnsBefore now;
};

using Ids = Loads::Ids;

} // namespace

TEST(PlanRenames, AFormerNameOfTheModelIsARename)
{
    EXPECT_EQ(renames({{"c", ""}, {"b", "a"}}, {{"a", true}, {"c", true}}), Lines{"1 was a"});
    EXPECT_EQ(renames({{"b", "a"}, {"d", "c"}}, {{"a", true}, {"c", true}}), (Lines{"0 was a", "1 was c"}));
}

TEST(PlanRenames, ADocumentThatIsLoadedAgainRenamesNothing)
{
    EXPECT_EQ(renames({{"b", "a"}}, {{"b", true}}), Lines{});
}

TEST(PlanRenames, WhatComesBackWithItsOldDocumentIsWhatItWas)
{
    EXPECT_EQ(renames({{"b", "a"}}, {{"b", false}}), Lines{});
    EXPECT_EQ(renames({{"b", "a"}}, {{"a", false}, {"b", true}}), Lines{});
    EXPECT_EQ(renames({{"b", "a"}}, {{"a", false}, {"b", false}}), Lines{});
}

TEST(PlanRenames, NothingInWhatIsNewHadAnotherName)
{
    EXPECT_EQ(renames({{"b", "a"}}, nullptr), Lines{});
    EXPECT_EQ(renames({{"b", "b"}}, nullptr), Lines{"0 was_itself"});
}

TEST(PlanRenames, AFormerNameMustBeFree)
{
    NamesBefore const before = {{"a", true}, {"b", true}};
    EXPECT_EQ(renames({{"a", ""}, {"c", "a"}}, before), Lines{"1 was_declared"}) << "still there";
    EXPECT_EQ(renames({{"a", "b"}, {"b", "a"}}, before), (Lines{"0 was_declared", "1 was_declared"})) << "swap";
    EXPECT_EQ(renames({{"b", "a"}, {"c", "b"}}, {{"a", true}, {"b", true}}), (Lines{"0 was_taken", "1 was_declared"}))
        << "chain";
    EXPECT_EQ(renames({{"a", ""}, {"b", "a"}}, before), Lines{"1 was_declared"}) << "loaded again";
}

TEST(PlanRenames, AFormerNameIsClaimedOnce)
{
    EXPECT_EQ(renames({{"b", "a"}, {"c", "a"}}, {{"a", true}}), (Lines{"0 was a", "1 was_claimed_twice"}));
}

TEST(PlanRenames, AFormerNameIsNotTheNameItself)
{
    EXPECT_EQ(renames({{"a", "a"}}, {{"a", true}}), Lines{"0 was_itself"});
}

TEST(PlanRenames, AFormerNameIsOneOfTheModel)
{
    EXPECT_EQ(renames({{"b", "a"}}, NamesBefore()), Lines{"0 was_unknown"});
    EXPECT_EQ(renames({{"b", "a"}}, {{"a", false}}), Lines{"0 was_unknown"}) << "it left the model";
}

TEST(PlanRenames, ANewNameIsFree)
{
    EXPECT_EQ(renames({{"b", "a"}}, {{"a", true}, {"b", true}}), Lines{"0 was_taken"}) << "b would leave";
    EXPECT_EQ(renames({{"b", "a"}}, {{"a", true}, {"b", false}}), Lines{"0 was_taken"}) << "b has left";
}

TEST(PlanRenames, WhatCouldNotBeReadRenamesNothing)
{
    EXPECT_EQ(renames({{"", "a"}, {"b", ""}}, {{"a", true}}), Lines{});
}

TEST(PlanColumnIds, ANewDatasetNumbersItsColumns)
{
    EXPECT_EQ(Loads().load({"a", "b was x", "c"}), (Ids{{"a", 1}, {"b", 2}, {"c", 3}}));
}

TEST(PlanColumnIds, TwoRenamesWithOneReconcileKeepTheId)
{
    Loads loads;
    loads.load({"k", "a"});
    loads.reconcile();
    EXPECT_EQ(loads.load({"k", "b was a"}), (Ids{{"k", 1}, {"b", 2}}));
    EXPECT_EQ(loads.load({"k", "b was a"}), (Ids{{"k", 1}, {"b", 2}})) << "loaded again";
    EXPECT_EQ(loads.load({"k", "c was b"}), (Ids{{"k", 1}, {"c", 2}}));
    EXPECT_EQ(loads.load({"c", "k"}), (Ids{{"k", 1}, {"c", 2}})) << "reordered";
}

TEST(PlanColumnIds, AColumnThatComesBackBeforeAReconcileIsTheSame)
{
    Loads loads;
    loads.load({"k", "a"});
    loads.reconcile();
    loads.load({"k"});
    EXPECT_EQ(loads.load({"k", "a"}), (Ids{{"k", 1}, {"a", 2}}));
    loads.load({"k"});
    loads.reconcile();
    EXPECT_EQ(loads.load({"k", "a"}), (Ids{{"k", 1}, {"a", 3}})) << "its values are gone";
}

TEST(PlanColumnIds, AColumnThatWasNeverMadeComesBackAsANewOne)
{
    Loads loads;
    loads.load({"k", "a"});
    loads.load({"k"});
    EXPECT_EQ(loads.load({"k", "a"}), (Ids{{"k", 1}, {"a", 3}}));
}

TEST(PlanColumnIds, ANameThatWasGivenUpIsThatOfANewColumn)
{
    Loads loads;
    loads.load({"k", "a"});
    loads.reconcile();
    loads.load({"k", "b was a"});
    EXPECT_EQ(loads.load({"k", "b", "a"}), (Ids{{"k", 1}, {"b", 2}, {"a", 3}}));
}

TEST(PlanColumnIds, ARenameThatIsTakenBackBeforeAReconcileKeepsTheId)
{
    Loads loads;
    loads.load({"k", "a"});
    loads.reconcile();
    loads.load({"k", "b was a"});
    EXPECT_EQ(loads.load({"k", "a was b"}), (Ids{{"k", 1}, {"a", 2}}));
    loads.load({"k", "b was a"});
    EXPECT_EQ(loads.load({"k", "a"}), (Ids{{"k", 1}, {"a", 2}})) << "without a word of it";
}

TEST(PlanColumnIds, ASwapTakesThreeLoads)
{
    Loads loads;
    loads.load({"a", "b"});
    loads.reconcile();
    loads.load({"x was a", "b"});
    loads.load({"x", "a was b"});
    EXPECT_EQ(loads.load({"b was x", "a"}), (Ids{{"a", 2}, {"b", 1}}));
}

TEST(PlanColumnIds, AColumnMayTakeTheNameOfOneThatWasDropped)
{
    Loads loads;
    loads.load({"a", "b"});
    loads.reconcile();
    loads.load({"b"});
    EXPECT_EQ(loads.load({"a was b"}), (Ids{{"a", 2}}));
}

} // namespace datasurface::definition
