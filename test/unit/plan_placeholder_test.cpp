#include "batch/plan_placeholder.hpp"

#include <gtest/gtest.h>

namespace datasurface::batch {

TEST(PlanPlaceholder, WhatAShellHasNotExpandedIsNoId)
{
    for (const char *const run_id :
         {"$NAME", "$run_id", "nightly-$DATE", "US$a", "${X}", "run-${X:-1}", "$(date)", "daily $(date +%F)", "`date`",
          "daily-`date`", "$1", "%NAME%", "%DATE%", "run-%RUN_ID%-1", " $NAME ", "%NAME%-%TIME%", "%N%"})
        EXPECT_EQ(find_placeholder(run_id), Placeholder::shell) << run_id;
}

TEST(PlanPlaceholder, WhatNothingHasRenderedIsNoId)
{
    for (const char *const run_id : {"{name}",
                                     "{}",
                                     "{0}",
                                     "run {date}",
                                     "{ds:%Y}",
                                     "{run.id}",
                                     "{ids[0]}",
                                     "{name!r}",
                                     "{{ run_id }}",
                                     "{{run_id}}",
                                     "${{ github.run_id }}",
                                     "daily_{% now %}",
                                     ":name",
                                     ":'run_id'",
                                     ":\"run_id\"",
                                     "%s",
                                     "daily %s",
                                     "%d",
                                     "%Y-%m-%d",
                                     "%Y%m%d",
                                     "daily_%Y%m%dT%H%M%S",
                                     "%(run_id)s",
                                     "@{pipeline().RunId}",
                                     "#{run_id}",
                                     "<run_id>",
                                     "<your run id>",
                                     "<%= run %>"})
        EXPECT_EQ(find_placeholder(run_id), Placeholder::unrendered) << run_id;
}

TEST(PlanPlaceholder, TheWordForNoValueIsNoId)
{
    for (const char *const run_id : {"None", "none", "null", "NULL", "undefined", "nan", "NaN", "NaT", "nil", " None\n",
                                     "(null)", "\\N", "[object Object]"})
        EXPECT_EQ(find_placeholder(run_id), Placeholder::no_value) << run_id;
}

TEST(PlanPlaceholder, IdsOfSchedulersAreIds)
{
    for (const char *const run_id :
         {// Airflow
          "scheduled__2026-11-30T00:00:00+00:00", "manual__2026-11-30T07:36:42.123456+00:00",
          "backfill__2026-11-30T00:00:00+00:00", "dataset_triggered__2026-11-30T00:00:00+00:00",
          "asset_triggered__2026-11-30T00:00:00+00:00_Xy12", "scheduled__2026-11-30T00%3A00%3A00%2B00%3A00",
          "a%C3%A9%DATE%20b",
          // dbt, Dagster, Prefect, Windows, Databricks
          "0b3a2f0e-93f4-4f53-a28c-4b6c9a3b7c11", "zealous-otter", "{6F9619FF-8B86-D011-B42D-00C04FC964FF}",
          "{abcdef01-8B86-D011-B42D-00C04FC964FF}", "job-77-run-12345",
          // cron
          "2026-11-30", "20261130T000000Z", "2026-11-30 07:36:42+00", "1796025600", "daily.1",
          // GitHub Actions, GitLab, Jenkins, AWS
          "1234567890", "1234567890-1", "owner/repo#123@refs/heads/main", "jenkins-job-#42",
          "arn:aws:states:eu-west-1:1:run:x:y",
          // people
          "monday", "manual: first load", "it's \"quoted\"; --", "прогон 1", "100%", "100% done", "5%discount", "US$ 5",
          "$5 refund", "cash$", "{\"day\": 1}", "{1, 2}", "a:b", ":)", "{a b}", "{", "}", "%", "$", "`", ":", "<",
          "none yet", "nullable", "null_2026", "nancy", "None-1", "x < y > z"})
        EXPECT_EQ(find_placeholder(run_id), Placeholder::none) << run_id;
}

TEST(PlanPlaceholder, AWholeTextIsOne)
{
    for (const char *const text : {"{{ reason }}", " {{reason}} ", "$REASON", "${REASON}", "${REASON:-not given}",
                                   "$(cat reason)", "%REASON%", "{reason}", "%s", "%(reason)s", ":reason", "<reason>",
                                   "nightly-$REASON", "<%= params.reason %>", "#{reason text}"})
        EXPECT_TRUE(is_unrendered(text)) << text;
}

TEST(PlanPlaceholder, ASentenceMayQuoteOne)
{
    for (const char *const text : {"the file was empty", "", "5%discount", "a column has {{ name }} in it",
                                   "$REASON was not set", "{{ a }} and {{ b }} were swapped", "price in US$ was wrong",
                                   "None of the rows arrived", "100% of rows are null"})
        EXPECT_FALSE(is_unrendered(text)) << text;
}

TEST(PlanPlaceholder, AReasonMayBeOneWord)
{
    for (const char *const text :
         {"approved", "ok", "OPS-17", "none", "None", "null", "undefined", "#4711", "100%", "5%", "expected!", "x",
          "\xd0\xb4\xd0\xb0", "https://tickets.example/OPS-17?a=b%20c"})
        EXPECT_FALSE(is_unrendered(text)) << text;
}

} // namespace datasurface::batch
