#include <gtest/gtest.h>

#include "ingest/plan_chunks.hpp"

namespace datasurface::ingest {
namespace {

const std::string rows = "SELECT a, b FROM s.t";

TableFacts table(std::int64_t rows, std::int64_t pages)
{
    TableFacts facts;
    facts.has_places = true;
    facts.rows = rows;
    facts.pages = pages;
    facts.key_serves = true;
    facts.may_have_null = false;
    facts.bounds = R"x([["1"],["10"],["20"],["30"],["40"]])x";
    facts.bound_count = 5;
    return facts;
}

TEST(PlanChunks, FewRowsAreNotCut)
{
    EXPECT_FALSE(plan_cuts(table(1000, 10), true, 1000).by);
    EXPECT_TRUE(plan_cuts(table(1001, 10), true, 1000).by);
}

TEST(PlanChunks, StatisticsCutByTheKey)
{
    Cuts const cuts = plan_cuts(table(4000, 40), true, 2000);
    EXPECT_EQ(cuts.by, CutBy::key);
    EXPECT_FALSE(cuts.counts);
    EXPECT_EQ(cuts.step, 2);
    EXPECT_EQ(cuts.rows, 2000);
    EXPECT_FALSE(cuts.null_keys);
}

TEST(PlanChunks, MoreChunksThanStatisticsTellApartAreLarger)
{
    Cuts const cuts = plan_cuts(table(4000, 40), true, 100);
    EXPECT_EQ(cuts.step, 1);
    EXPECT_EQ(cuts.rows, 1000);
}

TEST(PlanChunks, RowsThatNobodyKnowsAreCounted)
{
    EXPECT_TRUE(plan_cuts(TableFacts(), true, 100).counts);
    EXPECT_TRUE(plan_cuts(TableFacts(), true, 100).null_keys);
    TableFacts facts = table(4000, 40);
    facts.bound_count = 2;
    EXPECT_TRUE(plan_cuts(facts, true, 100).counts);
    facts = table(-1, 40);
    EXPECT_TRUE(plan_cuts(facts, true, 100).counts);
}

TEST(PlanChunks, PlacesServeWhereTheKeyDoesNot)
{
    TableFacts facts = table(4000, 40);
    facts.key_serves = false;
    Cuts cuts = plan_cuts(facts, true, 1000);
    EXPECT_EQ(cuts.by, CutBy::place);
    EXPECT_EQ(cuts.bounds, R"x([["(10,0)"],["(20,0)"],["(30,0)"]])x");
    cuts = plan_cuts(table(4000, 40), false, 1000); // the types have an order of their own
    EXPECT_EQ(cuts.by, CutBy::place);
    facts.has_places = false;
    EXPECT_EQ(plan_cuts(facts, true, 1000).by, CutBy::key);
    EXPECT_FALSE(plan_cuts(facts, false, 1000).by);
}

TEST(PlanChunks, PagesOfATableThatNobodyHasCountedAreTakenForFull)
{
    TableFacts facts = table(-1, 40);
    facts.key_serves = false;
    EXPECT_EQ(plan_cuts(facts, true, 2910).bounds, R"x([["(10,0)"],["(20,0)"],["(30,0)"]])x");
}

TEST(PlanChunks, ATableOfOnePageIsOneChunk)
{
    TableFacts facts = table(200, 1);
    facts.key_serves = false;
    EXPECT_FALSE(plan_cuts(facts, true, 10).by);
}

TEST(PlanChunks, TheRestOfATableThatGrewIsCut)
{
    EXPECT_EQ(places_between("(30,0)", table(4000, 40), 1000), "");
    EXPECT_EQ(places_between("(30,0)", table(4000, 50), 400), R"x([["(35,0)"],["(40,0)"],["(45,0)"]])x");
}

TEST(PlanChunks, RangesAreHalfOpen)
{
    EXPECT_EQ(in_keys(rows, {"a", "b"}, {{}, {}}, false), rows);
    EXPECT_EQ(in_keys(rows, {"a", "b"}, {{"1"}, {"2", "x'"}}, false),
              "SELECT * FROM (\n" + rows +
                  "\n) AS ds_surf_rows WHERE (\"a\") >= ('1') AND (\"a\", \"b\") < ('2', 'x''')");
}

TEST(PlanChunks, TheFirstRangeFindsRowsWithoutAKey)
{
    EXPECT_EQ(in_keys(rows, {"a", "b"}, {{}, {"2"}}, true),
              "SELECT * FROM (\n" + rows +
                  "\n) AS ds_surf_rows WHERE ((\"a\") < ('2')) OR \"a\" IS NULL OR \"b\" IS NULL");
    EXPECT_EQ(in_keys(rows, {"a"}, {{"2"}, {}}, true),
              "SELECT * FROM (\n" + rows + "\n) AS ds_surf_rows WHERE (\"a\") >= ('2')");
}

TEST(PlanChunks, PlacesJoinTheFilter)
{
    Pull pull;
    EXPECT_EQ(in_places(rows, pull, {{"(1,0)"}, {"(2,0)"}}),
              rows + " WHERE ctid >= '(1,0)'::pg_catalog.tid AND ctid < '(2,0)'::pg_catalog.tid");
    pull.filter_at = 30;
    EXPECT_EQ(in_places(rows + " WHERE (c)", pull, {{"(1,0)"}, {}}),
              rows + " WHERE (c) AND ctid >= '(1,0)'::pg_catalog.tid");
    EXPECT_EQ(in_places(rows, pull, {}), rows);
}

TEST(PlanChunks, CutsCountTheKeysOfARange)
{
    std::string const statement = cuts_statement(rows, {"a"}, {{"5"}, {}}, 3);
    EXPECT_NE(statement.find("(ds_surf_number - 1) % 3 = 0 AND ds_surf_number > 1"), std::string::npos);
    EXPECT_NE(statement.find("WHERE NOT (\"a\" IS NULL) AND (\"a\") >= ('5')"), std::string::npos);
}

TEST(PlanChunks, FactsAreReadFromTexts)
{
    TableFacts const facts = table_facts({"t", "0", "7", "f", "t", "", ""});
    EXPECT_TRUE(facts.has_places);
    EXPECT_EQ(facts.rows, -1); // with pages: nobody has counted them
    EXPECT_FALSE(facts.key_serves);
    EXPECT_TRUE(facts.may_have_null);
    EXPECT_EQ(facts.bound_count, 0);
    EXPECT_EQ(table_facts({"f", "", "", "", "", "", ""}).rows, -1);
}

} // namespace
} // namespace datasurface::ingest
