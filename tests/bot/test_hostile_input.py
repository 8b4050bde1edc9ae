"""What strangers may try, and the tests which show what comes of it: on each side what is refused and what is not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.bot.test_complaints import names_in

WEB, REPLAYS = "tests/bot/test_web.py", "tests/bot/test_hostile_deliveries.py"
REPOSITORIES, SIZES = "tests/bot/test_hostile_repositories.py", "tests/bot/test_hostile_sizes.py"
WORDS, CONFIGURATION = "tests/bot/test_hostile_words.py", "tests/bot/test_hostile_configuration.py"
REVIEWS, SETTINGS, FILES = (
    "tests/bot/test_reviews.py",
    "tests/bot/test_settings.py",
    "tests/bot/test_kinds_of_files.py",
)
COMMANDS, PARSE, NOTES = "tests/bot/test_commanding.py", "tests/bot/test_parse.py", "tests/bot/test_notes.py"
MARKDOWN, WORKFLOW, ACTION, LOG = (
    "tests/report/test_markdown.py",
    "tests/report/test_github.py",
    "tests/action/test_action.py",
    "tests/action/test_log.py",
)
TREE, REVISIONS, CONFIG, JOB = (
    "tests/engine/test_tree.py",
    "tests/engine/test_revisions.py",
    "tests/test_config.py",
    "tests/test_job.py",
)
NOTHING_RUNS = "tests/test_hostile_repository.py"

TRIED: Mapping[str, tuple[str, ...]] = {
    "a delivery without a signature": (f"{WEB}::test_refusals",),
    "a delivery with a wrong signature": (
        f"{WEB}::test_refusals",
        f"{WEB}::test_githubs_own_example_of_a_signature_is_accepted",
    ),
    "a delivery that is replayed": (
        f"{REVIEWS}::test_a_redelivery_changes_nothing",
        f"{REVIEWS}::test_a_late_webhook_of_an_older_push_disturbs_nothing",
        f"{REPLAYS}::test_a_push_that_is_replayed_under_other_ids_is_reviewed_once",
        f"{REPLAYS}::test_an_old_delivery_of_an_old_head_changes_nothing_of_the_new_one",
        f"{REPLAYS}::test_a_command_that_is_replayed_is_not_carried_out_again",
        f"{COMMANDS}::test_a_redelivery_answers_nothing_again",
    ),
    "a delivery that is too large": (
        f"{WEB}::test_an_oversized_body_is_refused",
        f"{WEB}::test_an_oversized_body_that_does_not_tell_its_length_is_refused",
        f"{WEB}::test_a_body_that_does_not_arrive_is_not_waited_for",
        f"{WEB}::test_a_compressed_body_is_not_unpacked",
    ),
    "a delivery of another form": (
        f"{WEB}::test_a_signed_body_that_is_no_payload_is_refused",
        "tests/bot/test_deliveries.py::test_a_payload_of_any_form_is_read_or_refused",
    ),
    "symbolic links out of the tree": (
        f"{REPOSITORIES}::test_links_that_lead_out_of_the_tree_are_not_followed",
        f"{TREE}::test_symbolic_links_and_submodules_are_no_files",
        f"{TREE}::test_links_put_in_place_after_the_listing_are_not_followed",
        f"{TREE}::test_tracked_files_below_a_link_are_not_listed",
        f"{ACTION}::test_sarif_follows_no_link_of_the_project",
    ),
    "names with line ends": (
        f"{REPOSITORIES}::test_odd_names_are_names_and_no_options_paths_or_patterns",
        f"{REVISIONS}::test_odd_paths_are_compared",
    ),
    "names that lead out of the tree": (
        f"{REPOSITORIES}::test_names_that_lead_out_are_refused_and_the_next_pull_request_is_reviewed",
        f"{TREE}::test_paths_that_lead_out_of_the_tree_are_no_files",
    ),
    "names like options": (f"{REPOSITORIES}::test_odd_names_are_names_and_no_options_paths_or_patterns",),
    "alternates": (f"{REPOSITORIES}::test_alternates_bring_and_read_nothing",),
    "submodules": (
        f"{REPOSITORIES}::test_submodules_are_neither_fetched_nor_obeyed",
        f"{REPOSITORIES}::test_submodules_that_git_knows_as_attacks_are_refused_in_a_sentence",
    ),
    "pointers to large files": (
        f"{FILES}::test_renamed_binary_deleted_submodule_and_lfs_files_are_taken_as_they_are",
    ),
    "files, hooks and configuration that want to be run": (
        f"{NOTHING_RUNS}::test_the_apps_clone_and_its_child_run_nothing",
        f"{NOTHING_RUNS}::test_a_review_runs_nothing",
        "tests/action/test_hostile.py::test_nothing_of_the_repository_runs",
    ),
    "files of two gigabytes": (
        f"{SIZES}::test_a_file_of_two_gigabytes_is_named_and_its_neighbours_are_reviewed",
        f"{TREE}::test_a_file_over_the_limit_is_unreadable",
    ),
    "a hundred thousand files": (
        f"{SIZES}::test_a_hundred_thousand_files_do_not_slow_down_the_review_of_one",
        f"{SIZES}::test_a_change_of_a_hundred_thousand_files_is_reviewed",
    ),
    "folders ten thousand deep": (
        f"{SIZES}::test_folders_ten_thousand_deep_are_reviewed_with_their_neighbours",
        f"{REPOSITORIES}::test_what_git_s_checks_refuse_is_not_asked_for_again",
    ),
    "packs that expand": (
        f"{SIZES}::test_a_pack_that_expands_on_the_disk_stays_a_pack",
        f"{SIZES}::test_a_pack_that_expands_in_memory_is_refused_and_the_next_pull_request_is_reviewed",
        "tests/bot/test_clone.py::test_a_repository_over_the_size_limit_is_refused",
    ),
    "Markdown, HTML and mentions in titles, names and code": (
        f"{WORDS}::test_nothing_of_a_pull_request_becomes_markup_a_mention_or_a_mark_in_what_we_say",
        f"{MARKDOWN}::test_no_text_becomes_markup",
        f"{MARKDOWN}::test_no_text_closes_its_fence",
        f"{MARKDOWN}::test_no_text_breaks_out_of_a_cell",
        f"{COMMANDS}::test_a_reason_is_echoed_as_plain_text_that_mentions_nobody",
        "tests/report/test_html.py::test_hostile_text_does_not_run_even_without_the_policy",
    ),
    "marks that imitate ours": (
        f"{WORDS}::test_what_people_write_with_our_marks_is_not_taken_for_ours",
        f"{NOTES}::test_marks_of_others_do_not_count",
        f"{NOTES}::test_any_text_survives_a_note_and_forges_none",
        f"{REVIEWS}::test_a_mark_in_another_persons_comment_does_not_count",
        f"{COMMANDS}::test_a_stranger_cannot_pause_with_our_marks",
        "tests/bot/test_threads.py::test_a_mark_in_code_that_we_quote_does_not_count",
        "tests/bot/test_checklist_boxes.py::test_a_checklist_that_another_bot_copied_is_not_ours",
        f"{ACTION}::test_a_mark_that_somebody_else_wrote_counts_for_nothing",
    ),
    "workflow commands and a step's summary": (
        "tests/action/test_hostile.py::test_names_and_code_are_neither_commands_nor_markup",
        f"{ACTION}::test_what_the_project_says_is_no_command",
        f"{WORKFLOW}::test_hostile_text_injects_no_command",
        f"{LOG}::test_an_output_cannot_end_its_own_value",
        f"{LOG}::test_commands_are_stopped_around_the_report_by_an_unknown_word",
        f"{LOG}::test_a_notice_is_one_line",
    ),
    "tags of YAML": (
        f"{CONFIG}::test_hostile_files_are_one_line",
        f"{CONFIGURATION}::test_a_fork_s_configuration_is_neither_obeyed_nor_a_way_to_harm",
    ),
    "anchors that multiply": (
        f"{CONFIG}::test_hostile_files_are_one_line",
        f"{CONFIGURATION}::test_a_team_s_own_bomb_ends_in_a_sentence_of_its_own_review",
        f"{CONFIGURATION}::test_a_fork_s_configuration_is_neither_obeyed_nor_a_way_to_harm",
    ),
    "patterns and keys that take time": (
        f"{CONFIG}::test_hostile_patterns_end",
        f"{CONFIG}::test_hostile_tables_of_pyproject_are_one_line_at_once",
        f"{CONFIGURATION}::test_a_team_s_own_bomb_ends_in_a_sentence_of_its_own_review",
        "tests/bot/test_policy.py::test_no_entry_takes_long",
        f"{JOB}::test_a_named_file_that_a_change_touches_is_told_where_settings_name_some",
    ),
    "commands of who has no permission": (
        f"{COMMANDS}::test_who_may_not_write_gets_a_reaction_and_nothing_else",
        f"{COMMANDS}::test_bots_and_our_own_comments_command_nothing",
        f"{COMMANDS}::test_maintainers_and_owners_may_command",
        f"{REPLAYS}::test_the_comment_s_author_must_have_the_right_whoever_sent_the_event",
        f"{REPLAYS}::test_a_command_that_is_edited_into_a_comment_is_none",
        f"{COMMANDS}::test_a_comment_without_a_command_costs_no_request",
        f"{PARSE}::test_anything_else_is_none",
        "tests/bot/test_buttons.py::test_a_button_does_nothing_for_who_may_not_write",
        "tests/bot/test_checklist_boxes.py::test_an_edit_by_who_may_not_write_is_undone",
    ),
    "a fork that changes the configuration": (
        f"{CONFIGURATION}::test_a_fork_changes_neither_configuration_nor_baseline_nor_owners",
        f"{SETTINGS}::test_a_forks_pull_request_changes_none_of_it",
        f"{JOB}::test_a_baseline_that_the_change_brings_accepts_nothing_and_is_listed",
        f"{JOB}::test_the_base_s_configuration_holds_and_the_proposed_one_is_listed",
        f"{ACTION}::test_the_configuration_comes_from_the_base",
    ),
}


@pytest.mark.parametrize("attempt", TRIED)
def test_every_attempt_has_tests_that_there_are(attempt: str) -> None:
    assert TRIED[attempt]
    for test in TRIED[attempt]:
        path, _, name = test.partition("::")
        assert name in names_in(path), test


def test_all_twenty_five_attempts_are_shown() -> None:
    assert len(TRIED) == 25
