package io.billingsdk.cli.remote;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing audit list}. */
@Command(
    name = "list",
    description = "Lists who changed what, the latest first, over HTTP; needs a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing audit list",
      "  billing audit list --actor alice --last 24h",
      "  billing audit list --action key. --subject KEY_ID --json"
    })
final class AuditListCommand implements Runnable {
  private static final int NAME = 32;
  private static final int CHANGE = 60;

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Mixin private PeriodOptions period = new PeriodOptions();

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      description = "only by this one: an operator, or cli: and the name of a user")
  private @Nullable String actor;

  @Option(
      names = "--action",
      paramLabel = "ACTION",
      description = "only this one: key.block; with a point at the end all of its kind: key.")
  private @Nullable String action;

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      description = "only what was changed of this: the id of a key, an app, a token")
  private @Nullable String subject;

  @Override
  public void run() {
    Query query =
        new Query()
            .with("actor", actor)
            .with("action", action)
            .with("subject", subject)
            .with("from", period.from())
            .with("to", period.to());
    Columns columns =
        new Columns()
            .number("id", "id")
            .whole("at", "at")
            .text("by", "actor", NAME)
            .whole("action", "action")
            .text("subject", "subject", CHANGE)
            .text("before", "before", CHANGE)
            .text("after", "after", CHANGE);
    list.print(remote.http(), "/audit", query, columns);
  }
}
