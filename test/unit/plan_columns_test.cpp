#include "ingest/plan_columns.hpp"

#include <gtest/gtest.h>

namespace datasurface::ingest {

namespace {

using Names = std::vector<std::string>;

Names codes(const Fit &fit)
{
    Names all;
    for (const Misfit &misfit : misfits(fit))
        all.push_back(misfit.code);
    return all;
}

} // namespace

TEST(PlanColumns, WhatIsGivenByNameInAnyOrderFits)
{
    EXPECT_TRUE(misfits(fit({"id", "name"}, {"name", "id"})).empty());
}

TEST(PlanColumns, EachFaultHasItsCode)
{
    EXPECT_EQ(codes(fit({"id", "name"}, {"id"})), Names{"query_column_missing"});
    EXPECT_EQ(codes(fit({"id"}, {"id", "id"})), Names{"query_column_doubled"});
    EXPECT_EQ(codes(fit({"id"}, {"id", "?column?"})), Names{"query_column_unnamed"});
    EXPECT_EQ(codes(fit({"id"}, {"id", "x", "x"})), Names{"query_column_unused"});
    Fit mismatched = fit({"id"}, {"id"});
    mismatched.mismatches.push_back({"id", "text", "integer"});
    EXPECT_EQ(codes(mismatched), Names{"query_column_type"});
}

TEST(PlanColumns, WhatIsUnusedIsNotToldBesideWhatIsMissing)
{
    EXPECT_EQ(codes(fit({"id", "name"}, {"id", "nam", "?column?"})), Names{"query_column_missing"});
}

TEST(PlanColumns, ABatchRefusesWhatItCannotTake)
{
    EXPECT_TRUE(misfits(fit({"id"}, {"x"})).front().refused);
    EXPECT_TRUE(misfits(fit({"id"}, {"id", "id"})).front().refused);
    EXPECT_FALSE(misfits(fit({"id"}, {"id", "?column?"})).front().refused);
    EXPECT_FALSE(misfits(fit({"id"}, {"id", "x"})).front().refused);
    EXPECT_TRUE(misfits(fit({"id"}, {"id", "x"})).front().harmless);
}

TEST(PlanColumns, ANearNameIsProposed)
{
    Misfit const misfit = misfits(fit({"id", "country", "name"}, {"id", "county", "nam"})).front();
    EXPECT_EQ(misfit.message, R"(does not give columns "country", "name" of the dataset)");
    EXPECT_EQ(misfit.why, R"(it gives "id", "county", "nam")");
    EXPECT_EQ(misfit.hint.substr(0, misfit.hint.find('.')),
              R"(Perhaps "county" is meant for "country", and "nam" is meant for "name")");
}

TEST(PlanColumns, AColumnCalledLikeNoneIsOneWhenTheDatasetHasIt)
{
    EXPECT_TRUE(misfits(fit({"?column?"}, {"?column?"})).empty());
}

TEST(PlanColumns, LongListsAreCut)
{
    Names many;
    for (int i = 0; i < 1500; ++i)
        many.push_back("a_column_with_a_long_name_" + std::to_string(i));
    Misfit const misfit = misfits(fit(many, {})).front();
    EXPECT_NE(misfit.message.find(" and 1480 more"), std::string::npos);
    EXPECT_LT(misfit.message.size(), 1000u);
    EXPECT_EQ(misfit.why, "it gives none");
}

} // namespace datasurface::ingest
