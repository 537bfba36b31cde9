// Which views of a workspace are those of sinks that have other names now.

#include <gtest/gtest.h>

#include "reconcile/plan_view_names.hpp"

namespace datasurface::reconcile {

namespace {

using shape::RelationKind;
using Lines = std::vector<std::string>;
using Views = std::vector<NamedView>;

// "b was a", "- a" for what no sink is for
Lines planned(const Views &records, const Views &wanted)
{
    RenamedViews const plan = plan_view_names(records, wanted);
    Lines lines;
    for (const auto &[view, former] : plan.former)
        lines.push_back(view.name + " was " + former);
    for (const NamedView &view : plan.leftover)
        lines.push_back("- " + view.name);
    return lines;
}

NamedView view(const std::string &name, int dataset)
{
    return {RelationKind::view, name, dataset};
}

NamedView full(const std::string &name, int dataset)
{
    return {RelationKind::full_view, name, dataset};
}

} // namespace

TEST(PlanViewNames, ViewsThatAreThereUnderTheirNamesAreLeftAlone)
{
    EXPECT_EQ(planned({view("a", 1), full("a_full", 1)}, {view("a", 0), full("a_full", 0), view("new", 2)}), Lines{});
}

TEST(PlanViewNames, TheOnlyViewOfADatasetFollowsItsOnlySink)
{
    EXPECT_EQ(planned({view("a", 1), full("a_full", 1), view("c", 2)}, {view("b", 1), full("b_full", 1), view("c", 0)}),
              (Lines{"b was a", "b_full was a_full"}));
}

TEST(PlanViewNames, WhereItIsNotClearWhichOneItIsNoneFollows)
{
    EXPECT_EQ(planned({view("a", 1)}, {view("b", 1), view("c", 1)}), Lines{"- a"});
    EXPECT_EQ(planned({view("a", 1), view("b", 1)}, {view("c", 1)}), (Lines{"- a", "- b"}));
}

TEST(PlanViewNames, AnotherSinkOfTheDatasetThatKeepsItsNameDoesNotMatter)
{
    EXPECT_EQ(planned({view("a", 1), view("b", 1)}, {view("a", 0), view("c", 1)}), Lines{"c was b"});
}

TEST(PlanViewNames, ANameThatAnotherSinkWantsIsThatSinks)
{
    EXPECT_EQ(planned({view("a", 1), view("b", 2)}, {view("b", 1), view("c", 2)}), Lines{"- a"});
}

TEST(PlanViewNames, NoSinkOfTheDatasetLeavesItOver)
{
    EXPECT_EQ(planned({view("a", 1), full("a_full", 1)}, {view("b", 2)}), (Lines{"- a", "- a_full"}));
}

} // namespace datasurface::reconcile
