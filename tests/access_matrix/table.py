"""Who may open which address: written by hand, for people, and not derived from the program's own table.

A line says for some addresses what they are about and which columns may. From it follows, for every address
and every column, what the program must answer:

- a column that is named gets in, on what is its own; a role held for the whole system gets in everywhere;
- a column whose role is named (or stands in ``pages``) has the page but not this thing: 404, the thing does not
  exist for it; 403 where the thing is there for everybody of the page to see (``seen``);
- every other account: 403;
- without a sign-in: to the sign-in page, or 401 for what sends something.
"""

from dataclasses import dataclass, field

OFFICE = ("organizer", "county_organizer", "all_organizer")
LEADERS = ("county_leader", "all_leader")
SYSTEM = ("administrator", "security_officer", "auditor")
CHIEFS = ("chief_judge", "event_chief")
FLOOR = (*CHIEFS, "scorekeeper", "timekeeper", "coding_judge", "check_in_judge", "supervisor")
STAFF = (*OFFICE, *LEADERS, *SYSTEM, *FLOOR, "judge", "clerk")
ANYONE = ("anyone",)
SIGNED_IN = ("signed in",)


@dataclass(frozen=True)
class Line:
    """``about``: the kind of thing (a key of the world's values), empty for a page about nothing in particular."""

    addresses: str
    about: str
    who: tuple[str, ...]
    pages: tuple[str, ...] = ()
    seen: bool = False
    # Where the rule above is not the whole truth: column -> (own, foreign).
    but: dict[str, tuple[str, str]] = field(default_factory=dict)


LINES = (
    # ---- everybody ---------------------------------------------------------------------------------
    Line("core.health core.ready home.start home.guide_list", "", ANYONE),
    Line("accounts.sign_in accounts.open_session accounts.sign_out accounts.sign_up accounts.create_own accounts.sign_up_code "
         "accounts.finish_sign_up accounts.second_factor accounts.finish_sign_in", "", ANYONE),
    Line("accounts.forgot accounts.ask_code accounts.forgot_code accounts.reset_by_code accounts.forgot_help accounts.ask_help", "",
         ANYONE),
    Line("accounts.language", "", ANYONE),
    Line("accounts.read_terms home.guide home.guide_picture judging_tablet.shell certificates.scan_shell", "words", ANYONE),
    Line("accounts.invited accounts.accept_invitation", "invitation", ANYONE),
    Line("accounts.setup accounts.found_office", "founding", ANYONE),
    Line("contests.index notices.index certificates.verify certificates.public_keys "
         "certificates.revoked_list certificates.revoked_badges certificates.scan certificates.scan_worker", "", ANYONE),
    Line("contests.show arena.public_draw", "public", ANYONE),
    Line("arena.public_list results.public", "published", ANYONE),
    Line("notices.show notices.attachment", "announcement", ANYONE),
    Line("certificates.verified certificates.verified_picture certificates.public_key", "code", ANYONE),
    Line("judging_tablet.tablet judging_tablet.worker judging_api.open_seat judging_api.description "
         "returns_api.description", "", ANYONE),
    # What is not announced exists for nobody but those who work on it.
    Line("contests.show", "draft", (*OFFICE, *LEADERS, *SYSTEM, *FLOOR), pages=("everyone",)),
    Line("arena.public_draw arena.public_list results.public", "draft", (), pages=("everyone",)),
    Line("notices.show notices.attachment", "notice", (), pages=("everyone",)),
    # ---- whoever is signed in, about himself ---------------------------------------------------------
    Line("accounts.own accounts.password accounts.change_password accounts.end_other_sign_ins", "", SIGNED_IN),
    Line("accounts.phone accounts.ask_phone accounts.phone_code accounts.confirm_phone accounts.dispute "
         "accounts.ask_dispute", "", SIGNED_IN),
    Line("accounts.own_factor accounts.begin_factor accounts.confirm_factor accounts.renew_recovery accounts.confirm_take_away "
         "accounts.take_away", "", SIGNED_IN),
    Line("accounts.consent accounts.give_consent", "", SIGNED_IN),
    Line("home.my_data home.my_data_file home.take_my_data home.correction home.ask_for_correction home.erase home.erase_own", "",
         SIGNED_IN),
    # A consent is the reader's own: who gave none (here the clerk) has none to take back.
    Line("home.withdraw_consent home.take_consent_back", "words", SIGNED_IN, but={"clerk": ("404", "404")}),
    Line("home.begin home.my_entries home.my_results home.my_certificates", "", SIGNED_IN),
    Line("notices.messages notices.read_all", "", SIGNED_IN),
    Line("organisations.employers registration.employer_options", "", SIGNED_IN),
    Line("registration.begin registration.step registration.save_step registration.save_quietly", "fresh", SIGNED_IN),
    Line("registration.begin registration.step registration.save_step registration.save_quietly", "draft", (), pages=("signed in",)),
    Line("accounts.end_sign_in", "sign_in", ("contestant",), pages=("signed in",)),
    Line("notices.read", "message", ("contestant",), pages=("signed in",)),
    Line("registration.show registration.own_file registration.own_sheet registration.own_pdf registration.upload_scan "
         "registration.withdraw registration.discard_change", "own_entry", ("contestant",), pages=("signed in",)),
    Line("results.own results.own_sheet", "row", ("contestant",), pages=("signed in",)),
    Line("certificates.own certificates.own_file certificates.own_badge certificates.own_picture", "own_certificate",
         ("contestant",), pages=("signed in",)),
    # ---- a tablet with its token; no cookie opens these ----------------------------------------------
    Line("judging_api.pack judging_api.events judging_api.state", "", ("tablet",)),
    Line("judging_api.photo judging_api.own", "round", ("tablet",), but={"tablet": ("ok", "404")}),
    # ---- staff -----------------------------------------------------------------------------------------
    Line("home.desk home.approval_list home.job_list", "", STAFF),
    Line("home.approval home.decide", "approval", ("supervisor",), pages=STAFF),
    # Seen by who decides, taken back by who asked alone.
    Line("home.withdraw", "approval", (), pages=STAFF, but={"supervisor": ("403", "404")}),
    Line("home.job home.job_progress home.cancel_job home.retry_job", "job", (*OFFICE, "administrator"), pages=STAFF),
    Line("accounts.index", "", SYSTEM),
    Line("accounts.show", "account", SYSTEM),
    Line("accounts.new accounts.create", "", ("administrator",)),
    Line("accounts.renew_link accounts.confirm_reset accounts.ask_reset", "account", ("administrator",)),
    Line("accounts.ask_grant accounts.confirm_end_grant accounts.end_grant accounts.confirm_state accounts.change_state", "account",
         ("administrator", "security_officer")),
    Line("operations.index", "", SYSTEM),
    Line("operations.back_up operations.keep_key", "", ("administrator",)),
    # Whoever cannot sign in asks a union: its clerk and its office, not the office of a contest.
    Line("accounts.help_list", "", (*OFFICE, "clerk")),
    Line("accounts.help_request accounts.help_done accounts.help_refuse", "help", ("clerk", "county_organizer", "all_organizer"),
         pages=OFFICE),
    # ---- what was done: the auditor reads all, the others what was done to their own things ----------------
    Line("auditing.index auditing.prove", "", SYSTEM),
    Line("auditing.security", "", ("security_officer", "auditor")),
    Line("auditing.export auditing.row", "chain", ("auditor",), but={"auditor": ("ok", "ok")}),
    Line("auditing.trail", "trail", (*OFFICE, "clerk", "supervisor", "auditor"), pages=CHIEFS),
    # ---- unions: who looks sees the whole tree -----------------------------------------------------------
    Line("organisations.index", "", (*OFFICE, *LEADERS, *SYSTEM, "clerk")),
    Line("organisations.show", "unions", (*OFFICE, *LEADERS, *SYSTEM, "clerk"), but=dict.fromkeys(
        ("organizer", "county_organizer", "county_leader", "clerk"), ("ok", "ok"))),
    Line("organisations.new organisations.create organisations.edit organisations.save", "unions", ("administrator", "clerk"), seen=True),
    # A union is ended by the one above it.
    Line("organisations.confirm_end organisations.end", "unions", ("administrator",), pages=("clerk",), seen=True),
    # ---- activities of unions: what is not approved yet exists for the declarer and the unions above alone ----------
    Line("activities.index activities.export", "", (*OFFICE, *LEADERS, "clerk", "auditor", "administrator")),
    Line("activities.waiting activities.new", "", (*OFFICE, "clerk")),
    Line("activities.show", "declaration", (*OFFICE, *LEADERS, "clerk", "auditor", "administrator")),
    Line("activities.edit activities.submit activities.take_back activities.withdraw", "declaration", (*OFFICE, "clerk")),
    # A union above decides, and the province alone names a flagship.
    Line("activities.approve activities.give_back", "declaration", ("all_organizer",), pages=OFFICE, but=dict.fromkeys(
        ("organizer", "county_organizer", "clerk"), ("403", "404"))),
    Line("activities.flagship", "activity", ("all_organizer",), pages=(*OFFICE, "clerk"), seen=True),
    # What happens in it is for its union, those above and those below.
    Line("activities.stage activities.file activities.achievements activities.evaluation", "activity",
         (*OFFICE, *LEADERS, "clerk", "auditor", "administrator")),
    Line("activities.start activities.finish activities.save_stage activities.add_file activities.remove_file activities.new_achievement "
         "activities.achievement activities.remove_achievement activities.sheet activities.new_assessment activities.assessment "
         "activities.close_evaluation", "activity", (*OFFICE, "clerk"), seen=True),
    Line("activities.acknowledge activities.give_back_stage", "activity", ("all_organizer",), pages=(*OFFICE, "clerk"), seen=True),
    # ---- figures: who watches sees every place, people only those of the own places ------------------------
    Line("participation.dashboard participation.export counting.runs participation.screen participation.bulletins "
         "participation.show_bulletin participation.bulletin_pdf", "", (*OFFICE, *LEADERS, "clerk", "auditor", "administrator")),
    Line("participation.place participation.reported participation.contests participation.hosts", "unions",
         (*OFFICE, *LEADERS, "clerk", "auditor", "administrator"), but=dict.fromkeys(
        ("organizer", "county_organizer", "county_leader", "clerk"), ("ok", "ok"))),
    Line("counting.run_progress", "roll_up", (*OFFICE, *LEADERS, "clerk", "auditor", "administrator"), but=dict.fromkeys(
        ("organizer", "county_organizer", "county_leader", "clerk"), ("ok", "ok"))),
    Line("counting.retry_run", "roll_up", ("all_organizer", "administrator"), pages=OFFICE, seen=True),
    Line("participation.people", "unions", ("county_organizer", "all_organizer", "clerk", "auditor"), pages=("organizer",), seen=True),
    # A target is split by its own union and those above; how it stands is for whoever watches.
    Line("participation.targets participation.targets_export", "target", (*OFFICE, *LEADERS, "clerk", "auditor", "administrator"),
         but=dict.fromkeys(("organizer", "county_organizer", "county_leader", "clerk"), ("ok", "ok"))),
    Line("participation.split participation.pace", "target", ("county_organizer", "all_organizer", "clerk"),
         pages=("organizer",), seen=True),
    Line("participation.doubts participation.doubts_export", "", (*OFFICE, "clerk", "auditor")),
    # About unions, which see their own; the office of one contest sees none.
    Line("participation.doubt", "doubt", ("county_organizer", "all_organizer", "clerk", "auditor"), pages=("organizer",)),
    Line("participation.decide_doubt", "doubt", ("all_organizer",), pages=OFFICE, but={"county_organizer": ("403", "404")}),
    Line("participation.look participation.doubt_limits", "", ("all_organizer",), pages=OFFICE, seen=True),
    Line("participation.behind", "target", ("county_organizer", "all_organizer", "clerk"), pages=("organizer",), seen=True),
    Line("participation.reminders participation.remind", "", ("all_organizer",), pages=OFFICE, seen=True),
    Line("counting.roll_up participation.target participation.headline counting.count_anew", "",
         ("all_organizer", "administrator"), pages=OFFICE, seen=True),
    # ---- returns: each union its own, those above what was handed up to them, a sister nothing ----------------
    Line("returns.returns", "", (*OFFICE, "clerk", "auditor")),
    Line("returns.waiting_returns returns.batch_returns returns.approve_returns", "", (*OFFICE, "clerk")),
    Line("returns.choose_activity", "", ("clerk",)),
    Line("returns.begin_return", "contest", ("clerk",)),
    Line("returns.return_figures returns.submit_return returns.take_back_return returns.discard_return "
         "returns.correct_return", "return", ("clerk",)),
    Line("returns.one_return returns.return_evidence", "handed_up", ("county_organizer", "all_organizer", "clerk", "auditor"),
         pages=("organizer",)),
    Line("returns.decide_return", "handed_up", ("county_organizer", "all_organizer", "clerk"), pages=("organizer",)),
    # Whoever reports from below is seen; what is the union's own to write, is not theirs who are above.
    Line("returns.return_figures returns.submit_return returns.take_back_return returns.discard_return "
         "returns.correct_return", "handed_up", (), but={"clerk": ("403", "404")}),
    Line("returns.months", "", ("all_organizer",), pages=OFFICE, seen=True),
    Line("returns.close_month", "words", ("all_organizer",), pages=OFFICE, seen=True),
    Line("returns.roster returns.roster_import returns.import_progress returns.import_columns "
         "returns.take_import returns.stop_import returns.undo_import returns.drop_import "
         "returns.import_faults returns.marked_table", "roster_return", ("clerk",)),
    Line("returns.roster_people", "handed_up", ("county_organizer", "all_organizer", "clerk", "auditor"), pages=("organizer",)),
    Line("participation.snapshot participation.snapshot_bulletin participation.snapshot_pdf", "snapshot",
         (*OFFICE, *LEADERS, "clerk", "auditor", "administrator"), but=dict.fromkeys(
             ("organizer", "county_organizer", "county_leader", "clerk"), ("ok", "ok"))),
    Line("participation.new_snapshot", "", ("all_organizer",), pages=OFFICE, seen=True),
    # ---- the evaluation index: seen by who watches, conducted by the province -------------------------------
    Line("evaluation.index evaluation.export", "", (*OFFICE, *LEADERS, "clerk", "auditor", "administrator")),
    Line("evaluation.subject evaluation.locked", "evaluated", (*OFFICE, *LEADERS, "clerk", "auditor", "administrator"),
         but=dict.fromkeys(("organizer", "county_organizer", "county_leader", "clerk"), ("ok", "ok"))),
    # Evidence is for the union that is evaluated and those above; the office of one contest has no part in it.
    Line("evaluation.file", "evaluated", ("county_organizer", "all_organizer", *LEADERS, "clerk", "auditor", "administrator"),
         pages=("organizer",)),
    Line("evaluation.give", "evaluated", ("all_organizer",), pages=(*OFFICE, "clerk"), seen=True),
    Line("evaluation.indicators evaluation.lock", "", ("all_organizer",), pages=(*OFFICE, "clerk"), seen=True),
    # Other systems come by a token for a union, and by nothing else.
    Line("returns.tokens returns.new_token", "", ("county_organizer", "all_organizer", "administrator"), pages=("organizer",),
         seen=True),
    Line("returns.revoke_token", "api_token", ("county_organizer", "all_organizer", "administrator"), pages=("organizer",),
         seen=True),
    Line("returns_api.contests returns_api.list_returns returns_api.figures returns_api.snapshots", "",
         ("token", "read_token")),
    Line("returns_api.one_snapshot", "snapshot", ("token", "read_token"), but=dict.fromkeys(("token", "read_token"), ("ok", "ok"))),
    Line("returns_api.one_return", "return", ("token", "read_token"), but=dict.fromkeys(("token", "read_token"), ("ok", "404"))),
    Line("returns_api.begin", "", ("token",), but={"read_token": ("403", "403")}),
    Line("returns_api.measures returns_api.submit returns_api.take_back", "return", ("token",),
         but={"token": ("ok", "404"), "read_token": ("403", "403")}),
    # What does not fit the description is refused before anything is looked up; what fits finds nothing elsewhere.
    Line("returns_api.correct returns_api.roster returns_api.bulk", "return", ("token",),
         but={"token": ("ok", "ok"), "read_token": ("403", "403")}),
    # ---- announcements of a contest -----------------------------------------------------------------------
    Line("notices.manage notices.new notices.create notices.edit notices.save notices.attach notices.preview_file notices.detach "
         "notices.publish notices.correct notices.discard", "notice", OFFICE),
    # ---- a contest -----------------------------------------------------------------------------------------
    Line("contests.manage contests.series", "", (*OFFICE, *LEADERS, *SYSTEM, *FLOOR)),
    Line("contests.new contests.new_series", "", OFFICE),
    Line("home.contest contests.overview contests.events contests.rulebook contests.rulebook_version contests.rulebook_file "
         "contests.version_workbook", "contest",
         (*OFFICE, *LEADERS, *SYSTEM, *FLOOR)),
    Line("contests.edit contests.bodies contests.new_event contests.edit_event contests.remove_event contests.course contests.notices "
         "contests.draft_notice", "contest", OFFICE),
    # The chief judge of one event sees the contest, its rules are not his alone.
    Line("contests.choose_rulebook contests.import_rulebook contests.draft_file contests.edit_rulebook contests.act_on_rulebook "
         "contests.empty_rulebook contests.add_to_rulebook contests.turn_in_rulebook contests.remove_from_rulebook "
         "contests.rekey_in_rulebook contests.save_rulebook contests.discard_rulebook contests.try_rulebook "
         "contests.draft_workbook contests.ready_workbook contests.rulebook_workbook contests.take_workbook contests.drop_workbook "
         "contests.marked_workbook", "contest",
         (*OFFICE, "chief_judge"), but={"event_chief": ("403", "404")}),
    # ---- entries -------------------------------------------------------------------------------------------
    Line("registration.desk", "", (*OFFICE, "clerk")),
    # A clerk may enter people of the own union into any announced contest, and meets no others there.
    Line("registration.review_list registration.export registration.teams registration.roster registration.roster_template "
         "registration.register", "entry", (*OFFICE, "clerk", "team_leader"), but={"clerk": ("ok", "ok")}),
    Line("registration.new_team", "entry", (*OFFICE, "clerk"), pages=("team_leader",),
         but={"clerk": ("ok", "ok"), "team_leader": ("403", "404")}),
    Line("registration.batch registration.batch_decide", "entry", (*OFFICE, "clerk"), but={"clerk": ("ok", "ok")}),
    Line("registration.conditions registration.delegations registration.add_delegation registration.edit_delegation "
         "registration.remove_delegation registration.promote", "entry", OFFICE),
    Line("registration.entry registration.entry_file registration.entry_form registration.entry_form_pdf registration.correct "
         "registration.entry_upload", "entry", (*OFFICE, "clerk", "team_leader")),
    Line("registration.review registration.reveal registration.withdraw_for", "entry", (*OFFICE, "clerk")),
    Line("registration.team registration.add_member registration.change_member", "entry", (*OFFICE, "clerk", "team_leader")),
    # A leader puts people into the own team; the team itself is the union's.
    Line("registration.edit_team registration.withdraw_team", "entry", (*OFFICE, "clerk"), but={"team_leader": ("403", "404")}),
    # A contest of the province: a county's clerk meets the own county's people in it, and nobody else's.
    Line("registration.entry registration.entry_file registration.entry_form registration.entry_form_pdf registration.correct "
         "registration.entry_upload", "shared", ("clerk", "all_organizer"), pages=(*OFFICE, "team_leader")),
    Line("registration.review registration.reveal registration.withdraw_for", "shared", ("clerk", "all_organizer"), pages=OFFICE),
    # What a roster says belongs to who uploaded it.
    Line("registration.roster_preview registration.roster_progress registration.refused_rows registration.take_roster", "roster",
         ("clerk",), pages=(*OFFICE, "team_leader")),
    # ---- the arena -------------------------------------------------------------------------------------------
    Line("arena.draws arena.show_round", "round", (*OFFICE, "coding_judge", "supervisor")),
    Line("arena.draw arena.redraw arena.open_codes", "round", (*OFFICE, "coding_judge")),
    Line("arena.codes arena.code_labels", "round", ("coding_judge", "supervisor")),
    Line("arena.check_in_index arena.check_in_list arena.check_in_number arena.check_in_one arena.close_door", "round",
         (*OFFICE, "coding_judge", "check_in_judge")),
    Line("arena.outcomes arena.entrant", "round", (*OFFICE, *CHIEFS, "check_in_judge", "supervisor")),
    Line("arena.rule", "round", (*OFFICE, *CHIEFS, "supervisor")),
    Line("arena.entrant", "other_event", (*OFFICE, "chief_judge", "check_in_judge", "supervisor")),
    Line("arena.rule", "other_event", (*OFFICE, "chief_judge", "supervisor")),
    Line("arena.lineup", "team_entrant", OFFICE),
    Line("arena.papers arena.badges arena.print_badges arena.order_book arena.sign_in_sheets arena.station_labels", "round",
         (*OFFICE, "coding_judge", "check_in_judge")),
    # Made by somebody else: for the office alone.
    Line("arena.badges_file", "badges", OFFICE, pages=("coding_judge", "check_in_judge")),
    # ---- judging ---------------------------------------------------------------------------------------------
    Line("judging.index", "round", (*OFFICE, *CHIEFS, "scorekeeper", "timekeeper", "supervisor")),
    Line("judging.panels judging.create_panel judging.panel_cards judging.seat judging.seat_judge judging.seat_card judging.close_seat "
         "judging.panel_judges judging.need_signature",
         "round", (*OFFICE, *CHIEFS)),
    Line("judging.stop_device", "round", CHIEFS),
    Line("judging.board judging.board_state judging.closing", "round", (*OFFICE, *CHIEFS, "supervisor")),
    Line("judging.handovers judging.handover", "round", (*OFFICE, *CHIEFS, "supervisor")),
    Line("judging.read_handovers judging.handover_camera judging.take_handovers judging.take_handover judging.ask_handover", "round",
         (*OFFICE, *CHIEFS)),
    Line("judging.open_round judging.unlock judging.ask_unlock judging.take_back judging.ask_take_back", "round", (*OFFICE, *CHIEFS)),
    Line("judging.lock judging.lock_round judging.excuse judging.end_excusal judging.send_back judging.ask_late judging.absence "
         "judging.decide_spread judging.ask_absence judging.move judging.move_sheet", "round", CHIEFS),
    Line("judging.work judging.late judging.score_sheets judging.score_sheet judging.photo", "round", (*CHIEFS, "supervisor")),
    Line("judging.answer_key judging.set_key judging.key_template judging.read_key", "round", CHIEFS),
    Line("judging.answer_key judging.set_key", "other_event", ("chief_judge",)),
    Line("judging.figures judging.figure judging.record", "round", (*CHIEFS, "scorekeeper", "timekeeper")),
    Line("judging.template judging.preview judging.imported judging.faulty judging.take", "round", (*CHIEFS, "scorekeeper")),
    Line("judging.paper judging.paper_sheets", "round", (*OFFICE, *CHIEFS, "scorekeeper", "supervisor")),
    Line("judging.find_paper judging.paper_sheet judging.key_paper", "round", (*CHIEFS, "scorekeeper")),
    Line("judging.ask_drop judging.drop_paper", "round", CHIEFS),
    Line("judging.paper", "other_event", (*OFFICE, "chief_judge", "scorekeeper", "supervisor")),
    Line("judging.find_paper", "other_event", ("chief_judge", "scorekeeper")),
    Line("judging.board judging.board_state judging.closing", "other_event", (*OFFICE, "chief_judge", "supervisor")),
    Line("judging.open_round judging.unlock judging.ask_unlock", "other_event", (*OFFICE, "chief_judge")),
    Line("judging.lock judging.lock_round judging.excuse judging.send_back judging.ask_late "
         "judging.decide_spread judging.move judging.move_sheet", "other_event", ("chief_judge",)),
    Line("judging.work judging.late judging.score_sheets", "other_event", ("chief_judge", "supervisor")),
    Line("judging.figures judging.figure judging.record", "other_event", ("chief_judge", "scorekeeper", "timekeeper")),
    Line("judging.template judging.preview", "other_event", ("chief_judge", "scorekeeper")),
    # ---- screens ---------------------------------------------------------------------------------------------
    Line("displays_screen.screen displays_screen.picture displays_screen.code", "screen", ANYONE),
    Line("displays_screen.ask_code", "", ANYONE),
    Line("displays.desk displays.pair displays.call displays.assign displays.withdraw", "display", OFFICE),
    # ---- results ---------------------------------------------------------------------------------------------
    Line("results.overview results.questions results.ranking results.explain results.published results.sums", "result",
         (*OFFICE, *CHIEFS, "scorekeeper", "coding_judge", "supervisor", "auditor")),
    Line("results.decide", "result", CHIEFS),
    Line("results.draw_sums results.check_many results.ask_signature", "result", ("scorekeeper",)),
    Line("results.publish results.correct", "result", (*OFFICE, "chief_judge")),
    Line("results.rulebook_change results.explain_change", "result",
         (*OFFICE, "chief_judge", "scorekeeper", "coding_judge", "supervisor", "auditor")),
    Line("results.ask_rulebook_change", "result", (*OFFICE, "chief_judge")),
    Line("results.confirm_rulebook_change results.renew_preview", "result", (*OFFICE, "chief_judge", "supervisor")),
    Line("results.book_page results.book_chapter results.result_sheets results.result_sheet results.book_xlsx "
         "results.live results.print_book results.rulebook_change_list", "result",
         (*OFFICE, "chief_judge", "scorekeeper", "supervisor", "auditor")),
    Line("results.book_pdf", "result", OFFICE, pages=("chief_judge", "scorekeeper", "supervisor", "auditor")),
    Line("results.live_file", "workbook", OFFICE, pages=("chief_judge", "scorekeeper", "supervisor", "auditor")),
    # ---- certificates ------------------------------------------------------------------------------------------
    Line("certificates.index certificates.batch certificates.progress certificates.register certificates.numbers "
         "certificates.certificate", "certificate", (*OFFICE, *LEADERS, "supervisor", "auditor")),
    Line("certificates.preview certificates.preview_picked certificates.preview_file", "prepared",
         (*OFFICE, *LEADERS, "supervisor", "auditor")),
    Line("certificates.prepare certificates.prepare_units certificates.prepare_list certificates.list_template certificates.ask "
         "certificates.anew certificates.discard certificates.stop certificates.again certificates.revoke "
         "certificates.replace certificates.glyphs", "certificate", OFFICE),
    # All contests of the union are numbered by it: an office of one contest sees the page and may not save.
    Line("certificates.set_numbers", "certificate", ("county_organizer", "all_organizer"), but={"organizer": ("403", "404")}),
    Line("certificates.glyph_picture certificates.end_glyph", "glyph", OFFICE),
    # A union's fonts are no matter of who has an office for one contest.
    Line("certificates.union_fonts certificates.end_font certificates.font_sample", "font",
         ("county_organizer", "all_organizer", "clerk"), pages=("organizer",), seen=True),
    Line("certificates.outs certificates.note_outs certificates.hand_out certificates.undo_hand_out certificates.ceremony "
         "certificates.keep_readings certificates.sign_sheet certificates.ceremony_script certificates.labels certificates.telling "
         "certificates.start_telling certificates.stop_telling certificates.go_on_telling certificates.tell_again", "certificate", OFFICE),
    Line("certificates.merged certificates.archive certificates.certificate_file certificates.certificate_picture certificates.overprint",
         "certificate", OFFICE),
    Line("certificates.templates certificates.new_template certificates.take_template certificates.template_file "
         "certificates.template_pictures certificates.template_picture certificates.change_picture certificates.design "
         "certificates.ready_picture certificates.design_act certificates.design_paper certificates.publish_template "
         "certificates.design_preview certificates.design_file certificates.template_printers certificates.remove_printer "
         "certificates.calibration",
         "certificate", OFFICE),
)

# One address whose two methods are for different people.
BY_METHOD = {
    ("results.sheet", "GET"): Line("results.sheet", "result", (*OFFICE, *CHIEFS, "scorekeeper", "coding_judge", "supervisor", "auditor")),
    # The page is seen by more than may say what was found.
    ("results.sheet", "POST"): Line("results.sheet", "result", ("scorekeeper",), but=dict.fromkeys(
        ("organizer", "county_organizer", "chief_judge", "event_chief", "coding_judge", "supervisor"), ("403", "404"))
        | dict.fromkeys(("all_organizer", "auditor"), ("403", "403"))),
}
