"""What people switch review bots off for, and the tests which show that it can't happen here.

The complaints are those that turn up most in public threads about such bots, in our own words.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THREADS, MANNER, REVIEWS, SETTINGS = (
    "tests/bot/test_threads.py",
    "tests/bot/test_manner.py",
    "tests/bot/test_reviews.py",
    "tests/bot/test_settings.py",
)
CHECKS, FILES, CLIENT = (
    "tests/bot/test_check_runs.py",
    "tests/bot/test_kinds_of_files.py",
    "tests/bot/test_client.py",
)
COMMANDS, BUTTONS, ACTION = (
    "tests/bot/test_commanding.py",
    "tests/bot/test_buttons.py",
    "tests/action/test_action.py",
)
WELCOME = "tests/bot/test_welcome.py"
CHANGES, PLACES = "tests/engine/test_change.py", "tests/test_placement.py"
SUGGESTIONS, MARKDOWN = "tests/report/test_suggestions.py", "tests/report/test_markdown.py"

COMPLAINTS: Mapping[str, tuple[str, ...]] = {
    "it talks too much: of trifles, and on every push": (
        f"{REVIEWS}::test_a_clean_pull_request_gets_no_review_and_a_green_check_run",
        f"{REVIEWS}::test_a_push_without_anything_new_says_nothing",
        f"{MANNER}::test_nothing_to_say_is_not_said",
        f"{MANNER}::test_below_the_bar_for_comments_a_finding_is_an_annotation_and_nothing_is_said",
        f"{MANNER}::test_the_number_of_comments_is_chosen_and_the_worst_and_surest_come_first",
        f"{MANNER}::test_findings_of_one_cause_share_a_comment_that_names_the_other_places",
    ),
    "it says the same again after a push, a rebase or a force-push": (
        f"{REVIEWS}::test_a_second_push_adds_only_what_is_new",
        f"{REVIEWS}::test_a_force_push_that_rewrites_the_commit_does_not_repeat_a_comment",
        f"{THREADS}::test_a_rebase_or_force_push_that_keeps_the_finding_leaves_its_thread_alone",
        f"{THREADS}::test_the_threads_of_every_page_are_followed",
        f"{THREADS}::test_a_changed_name_of_the_same_code_on_the_same_line_continues_its_thread",
        f"{THREADS}::test_a_kill_after_any_write_doubles_and_loses_nothing",
        f"{CLIENT}::test_the_app_knows_the_name_that_it_writes_under",
        f"{ACTION}::test_where_the_app_is_installed_the_action_writes_its_summary_and_keeps_the_gate",
        f"{ACTION}::test_where_the_action_has_spoken_the_app_adds_nothing",
    ),
    "what was fixed stays open, or is deleted along with what people wrote": (
        f"{THREADS}::test_a_fixed_finding_gets_one_reply_with_the_commit_and_its_thread_is_resolved",
        f"{THREADS}::test_without_the_right_to_resolve_our_own_comment_is_folded_up",
        f"{THREADS}::test_replies_of_people_are_never_changed_or_deleted",
        f"{THREADS}::test_a_thread_that_a_person_resolved_stays_resolved_and_hears_nothing",
        f"{THREADS}::test_a_thread_that_a_person_opened_again_stays_open",
    ),
    "one comment on a line outside of the diff loses the whole review": (
        f"{REVIEWS}::test_a_comment_that_github_refuses_does_not_lose_the_review",
        f"{REVIEWS}::test_a_comment_without_any_place_stands_in_the_reviews_body",
        f"{PLACES}::test_about_the_file_when_the_diff_does_not_show_its_line",
        f"{PLACES}::test_a_fix_across_two_hunks_is_not_suggested",
    ),
    "many comments at once run into limits and are lost or doubled": (
        f"{REVIEWS}::test_twenty_comments_at_most_and_the_rest_as_annotations",
        f"{CLIENT}::test_retry_after_is_waited_out",
        f"{CLIENT}::test_a_secondary_limit_without_a_time_is_waited_out_for_a_minute",
        f"{CLIENT}::test_a_write_is_looked_for_before_it_is_repeated",
        f"{CLIENT}::test_a_limit_of_graphql_comes_with_status_200_and_is_waited_out",
    ),
    "it fails on large pull requests": (f"{FILES}::test_more_than_three_thousand_files_are_reviewed_whole",),
    "on forks it is silent or red": (
        f"{FILES}::test_a_forks_pull_request_gets_comments_threads_and_a_check_run",
        f"{REVIEWS}::test_a_forks_pull_request_is_reviewed_without_touching_the_fork",
        f"{ACTION}::test_a_fork_gets_annotations_and_a_summary",
        f"{BUTTONS}::test_on_a_fork_a_patch_is_offered",
    ),
    "annotations beyond a cap disappear without a word": (
        f"{CHECKS}::test_annotations_beyond_fifty_come_by_updates",
        f"{ACTION}::test_what_the_caps_hide_is_said",
        "tests/report/test_github.py::test_no_more_than_github_shows_and_the_rest_is_counted",
    ),
    "a text of more than 65,536 characters is refused": (
        f"{MARKDOWN}::test_a_long_comment_gives_up_its_trace_and_change_and_says_so",
        f"{MARKDOWN}::test_the_summary_keeps_its_limit_at_whole_rows",
        f"{MANNER}::test_a_list_of_thousands_fits_into_a_review",
    ),
    "it reports what the pull request did not bring": (
        f"{CHANGES}::test_a_proposal_is_reviewed_from_where_it_left_the_base",
        "tests/engine/test_compare.py::test_inserting_and_deleting_unrelated_lines",
        "tests/engine/test_compare.py::test_moving_a_function_to_another_file",
        "tests/engine/test_compare.py::test_reformatting_a_file",
    ),
    "it pushes fixes that nobody wanted": (
        f"{MANNER}::test_a_review_commits_nothing",
        f"{BUTTONS}::test_fix_all_commits_every_safe_fix_once_on_the_branch",
        f"{BUTTONS}::test_a_button_does_nothing_for_who_may_not_write",
        f"{BUTTONS}::test_without_the_right_to_write_a_patch_is_offered_that_applies",
    ),
    "one wants suggestions in the pull request, another review on request, and to answer": (
        f"{REVIEWS}::test_a_safe_fix_is_a_suggestion_on_its_line",
        f"{COMMANDS}::test_review_reviews_again_though_there_was_a_review",
        f"{COMMANDS}::test_a_finding_is_ignored_in_its_thread_by_whom_and_why",
        f"{CHECKS}::test_a_failed_review_can_be_repeated_at_a_click",
    ),
    "it does what nobody asked for": (
        f"{COMMANDS}::test_a_comment_on_an_issue_is_not_ours",
        f"{COMMANDS}::test_bots_and_our_own_comments_command_nothing",
        f"{REVIEWS}::test_drafts_are_skipped",
        f"{SETTINGS}::test_a_pull_request_that_the_team_leaves_out_is_skipped_with_a_sentence",
        f"{MANNER}::test_a_push_is_one_notification",
        f"{WELCOME}::test_it_is_never_opened_a_second_time",
        f"{WELCOME}::test_repositories_that_have_no_use_for_it_are_left_alone",
    ),
    "it wants more permissions than it needs": (
        f"{CLIENT}::test_a_token_is_narrowed_and_kept",
        f"{CLIENT}::test_fewer_permissions_than_wished_give_a_token_all_the_same",
        f"{BUTTONS}::test_the_right_to_write_is_asked_for_at_the_commit_alone",
        f"{FILES}::test_an_installation_that_may_write_nothing_is_left_in_peace",
        f"{WELCOME}::test_an_installation_that_may_only_read_is_left_in_peace",
    ),
    "a machine's no comes before any person's word": (
        f"{MANNER}::test_a_review_blocks_the_merge_only_where_that_is_wanted_and_the_gate_is_reached",
        f"{COMMANDS}::test_while_paused_pushes_are_not_reviewed_and_the_check_says_so",
        f"{MARKDOWN}::test_a_comment_says_what_and_what_to_do",
    ),
    "after a force-push nobody knows which commit a result is about": (
        f"{REVIEWS}::test_a_newer_push_ends_the_review_of_an_older_one",
        f"{REVIEWS}::test_a_late_webhook_of_an_older_push_disturbs_nothing",
        f"{THREADS}::test_a_force_push_that_drops_the_finding_closes_its_thread",
    ),
    "suggestions break at blank lines, ranges and line ends": (
        f"{SUGGESTIONS}::test_accepting_it_makes_the_fix",
        f"{SUGGESTIONS}::test_whatever_is_suggested_is_what_the_fix_makes",
        f"{PLACES}::test_blank_lines_alone_take_a_neighbour_along_since_they_would_read_as_a_deletion",
        f"{PLACES}::test_nothing_is_suggested_when",
    ),
    "everybody who follows a pull request is told of everything": (
        f"{MANNER}::test_a_push_is_one_notification",
        f"{MANNER}::test_nothing_to_say_is_not_said",
        f"{THREADS}::test_an_outdated_comment_with_a_newer_one_is_hidden",
    ),
    "the list of changed files can't be had where workflows are touched": (
        f"{FILES}::test_workflow_files_need_no_permission_of_their_own",
        f"{FILES}::test_more_than_three_thousand_files_are_reviewed_whole",
    ),
}


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions)


@pytest.mark.parametrize("complaint", COMPLAINTS)
def test_every_complaint_is_answered_by_tests_that_there_are(complaint: str) -> None:
    assert COMPLAINTS[complaint]
    for test in COMPLAINTS[complaint]:
        path, _, name = test.partition("::")
        assert name in names_in(path), test


def test_all_nineteen_complaints_are_answered() -> None:
    assert len(COMPLAINTS) == 19
