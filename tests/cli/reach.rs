//! `who --reachable`: who could come to hold a permission, and who could come to anything.

use crate::run::{Folder, Run};

const CLOUD: &str = "use cloud
catalog cloud {
    category iam {
        pass-role: flag { escalating to compute.instances }
        roles: verbs view, edit, attach { escalating }
        keys: flag { escalating to iam.pass-role, compute.disks }
    }
    category compute {
        instances: ladder none < view < full { escalating to secrets.vault }
        disks: flag
    }
    category secrets { vault: ladder none < view < full remote: flag { only managed } }
    super root
}
default template root { grant all: full grant secrets.vault: none }
organization co {
    role deployer { grant iam.pass-role: on }
    role keeper from deployer { grant iam.keys: on grant secrets.vault: view }
    role editor { grant iam.roles: view, edit }
    role attacher { grant iam.roles: view, attach }
    role reader { grant secrets.vault: full }
    role heir from root { grant iam: none grant compute: none }
    assign deployer to \"kim\" until 2027-01-01
    assign keeper to \"kim\" from 2026-12-15
    assign editor to \"lea\"
    assign attacher to \"lea\" from 2026-12-01
    assign reader to service \"zoe\" until 2026-12-20
    assign root to \"ida\"
}
organization other { role none from nothing {} }
";

fn cloud(args: &str) -> Run {
    Folder::new().with("p.role", CLOUD).owned(args)
}

const NEAREST: &str = "co (direct)
  role       reader    holds it
  service    zoe       holds it  by reader
  template   root      1 step
    the super role: who holds it may change roles
  admin      ida       1 step    by root
    the super role: who holds it may change roles
  admin      lea       1 step    by attacher, editor
    iam.roles: view, edit, attach
      attacher, assigned at p.role:26:24: `grant iam.roles: view, attach` at p.role:20:21 gives view, attach
      editor, assigned at p.role:25:22: `grant iam.roles: view, edit` at p.role:19:19 gives view, edit
    leads to secrets.vault
  role       deployer  2 steps
    iam.pass-role: on
      deployer: `grant iam.pass-role: on` at p.role:17:21
    leads to compute.instances
    leads to secrets.vault
  role       keeper    2 steps
    iam.pass-role: on
      keeper: `grant iam.pass-role: on` at p.role:17:21, by keeper -> deployer
    leads to compute.instances
    leads to secrets.vault
  admin      kim       2 steps   by deployer
    iam.pass-role: on
      deployer, assigned at p.role:23:24: `grant iam.pass-role: on` at p.role:17:21
    leads to compute.instances
    leads to secrets.vault
";

/// Of roles, people and the super role; and the same from a table. A role made from the super role is none, and who has
/// half of an escalating row is at no top.
#[test]
fn the_nearest_come_first_each_with_its_way() {
    cloud("who vault --reachable --org co --at 2026-12-10").prints(0, NEAREST);
    let folder = Folder::new().with("p.role", CLOUD);
    folder.run("build -o t.rolec").ends(0);
    folder.run("who vault --reachable --org co --at 2026-12-10 --table t.rolec").prints(0, NEAREST);
    // The lowest step is held by more, and by nobody in as few steps as the whole row.
    let view = cloud("who vault:view --reachable --org co --at 2026-12-10").ends(0);
    assert!(view.stdout.contains("  role       keeper    holds it\n"), "{view}");
    // The day before, two roles are not yet in one hand.
    let before = cloud("who vault --reachable --org co --at 2026-11-30").ends(0);
    assert!(!before.stdout.contains("  lea "), "{before}");
    // What a direct organization does not have, nobody comes to.
    cloud("who secrets.remote --reachable --org co").prints(0, "co (direct)\n  nobody\n");
    cloud("who vault --reachable --org other").ends(0).has("root");
}

#[test]
fn a_period_has_a_line_for_each_stretch() {
    let found = cloud("who secrets.vault --reachable --org co --during 2026-12").ends(0);
    for line in [
        "  service    zoe       until 2026-12-20  holds it  by reader\n",
        "  admin      lea       throughout        1 step    by attacher, editor\n",
        "  admin      kim       throughout        2 steps   by deployer, keeper\n",
    ] {
        assert!(found.stdout.contains(line), "{line}{found}");
    }
    let all = cloud("who --reachable --org co --during 2026-12").ends(0);
    for line in [
        "  admin      kim       until 2026-12-15  2 steps  compute.instances, secrets.vault: 4 permissions more  by deployer\n",
        "                       from 2026-12-15   2 steps  compute.instances, compute.disks, secrets.vault: 4 permissions more  by deployer, keeper\n",
    ] {
        assert!(all.stdout.contains(line), "{line}{all}");
    }
}

#[test]
fn without_a_permission_all_who_come_further_are_listed() {
    let found = cloud("who --reachable --at 2026-12-10").ends(0);
    let who: Vec<&str> = found.stdout.lines().filter(|line| !line.starts_with("    ")).collect();
    assert_eq!(
        who,
        [
            "co (direct)",
            "  template   root      1 step   everything: 2 permissions more",
            "  admin      ida       1 step   everything: 2 permissions more  by root",
            "  admin      lea       1 step   everything: 7 permissions more  by attacher, editor",
            "  role       deployer  2 steps  compute.instances, secrets.vault: 4 permissions more",
            "  role       keeper    2 steps  compute.instances, compute.disks, secrets.vault: 4 permissions more",
            "  admin      kim       2 steps  compute.instances, secrets.vault: 4 permissions more  by deployer",
            "",
            "other (direct)",
            "  template   root  1 step   everything: 2 permissions more",
        ],
        "{found}"
    );
    assert!(found.stdout.contains("    leads to everything\n"), "{found}");
    let json = cloud("who --reachable --org co --at 2026-12-10 --format json").json(0);
    let lea = &json["organizations"][0]["subjects"][2];
    assert_eq!((&lea["kind"], &lea["name"]), (&"admin".into(), &"lea".into()), "{json}");
    assert_eq!((&lea["gains"][0]["everything"], &lea["gains"][0]["permissions"]), (&1.into(), &7.into()));
    assert_eq!(lea["gains"][0]["path"][0]["everything"], true, "{json}");
    let keeper = &json["organizations"][0]["subjects"][4]["gains"][0];
    assert!(keeper.get("everything").is_none() && keeper["rows"][2]["steps"] == 2, "{json}");
    assert_eq!(keeper["path"][0]["row"], "pass-role", "{json}");
    assert_eq!(keeper["by"][0]["sources"][0]["at"]["line"], 17, "{json}");
}

#[test]
fn a_question_needs_a_permission_or_the_flag() {
    cloud("who").ends(2).stays_mute().warns("PERMISSION");
    cloud("who valt --reachable").ends(4).stays_mute().warns("did you mean `vault`?");
    cloud("who --reachable --org othr").ends(4).stays_mute().warns("did you mean `other`?");
    Run::new("who --reachable --table none.rolec").ends(5).stays_mute();
}
