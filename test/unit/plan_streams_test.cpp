// Which streams a store has, and from which number on.

#include <gtest/gtest.h>

#include "definition/plan_streams.hpp"

namespace datasurface::definition {

namespace {

model::Store store(model::Consistency consistency, const std::vector<std::string> &datasets)
{
    model::Store store;
    store.name = "crm";
    store.consistency = consistency;
    for (const std::string &name : datasets) {
        model::Dataset dataset;
        dataset.name = name;
        store.datasets.push_back(dataset);
    }
    return store;
}

const model::Store single = store(model::Consistency::single, {"orders", "clients"});
const model::Store multi = store(model::Consistency::multi, {"orders", "clients"});

// "crm#orders of 7 from 3"
std::vector<std::string> lines(const std::vector<PlannedStream> &streams)
{
    std::vector<std::string> all;
    for (const PlannedStream &stream : streams)
        all.push_back(stream.name + (stream.dataset_id ? " of " + std::to_string(*stream.dataset_id) : "") + " from " +
                      std::to_string(stream.last_batch));
    return all;
}

using Lines = std::vector<std::string>;

} // namespace

TEST(PlanStreams, OneForTheStoreOrForEachDataset)
{
    EXPECT_EQ(lines(plan_streams(multi, {7, 8}, {})), Lines{"crm from 0"});
    EXPECT_EQ(lines(plan_streams(single, {7, 8}, {})), (Lines{"crm#orders of 7 from 0", "crm#clients of 8 from 0"}));
}

TEST(PlanStreams, ADatasetGoesOnFromItsOwnNumbers)
{
    EXPECT_EQ(lines(plan_streams(single, {7, 8}, {{"crm#orders", 7, 3}, {"crm#clients", 8, 5}, {"crm#gone", 9, 11}})),
              (Lines{"crm#orders of 7 from 3", "crm#clients of 8 from 5"}));
}

TEST(PlanStreams, ADatasetGoesOnFromTheNumbersOfTheWholeStore)
{
    EXPECT_EQ(lines(plan_streams(single, {7, 8}, {{"crm", std::nullopt, 4}, {"crm#clients", 8, 5}})),
              (Lines{"crm#orders of 7 from 4", "crm#clients of 8 from 5"}));
}

TEST(PlanStreams, AWholeStoreGoesOnFromTheLargestNumberOfAnyStream)
{
    EXPECT_EQ(lines(
                  plan_streams(multi, {7, 8}, {{"crm", std::nullopt, 4}, {"crm#clients", 8, 5}, {"crm#gone", 9, 11}})),
              Lines{"crm from 11"});
}

TEST(PlanStreams, WhatTheModelDoesNotNameLeaves)
{
    std::vector<PlannedStream> const present = {{"crm", std::nullopt, 4}, {"crm#clients", 8, 5}, {"crm#gone", 9, 11}};
    EXPECT_EQ(leaving_streams(present, stream_names(single)), (std::vector<std::size_t>{0, 2}));
    EXPECT_EQ(leaving_streams(present, stream_names(multi)), (std::vector<std::size_t>{1, 2}));
}

} // namespace datasurface::definition
