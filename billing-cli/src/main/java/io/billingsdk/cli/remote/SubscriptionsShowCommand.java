package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Uuid;
import java.io.PrintWriter;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing subscriptions show ID}. */
@Command(
    name = "show",
    description = "Shows a subscription with its segments, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing subscriptions show 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 --json")
final class SubscriptionsShowCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(
      paramLabel = "ID",
      converter = Uuid.class,
      description = "as subscriptions list shows it")
  private UUID id = new UUID(0, 0);

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    ListOptions.printOne(remote.http().get("/subscriptions/" + id, new Query()), json, out);
    out.flush();
  }
}
