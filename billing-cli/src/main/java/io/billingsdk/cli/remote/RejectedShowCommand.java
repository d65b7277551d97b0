package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Whole;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing rejected show ID}. */
@Command(
    name = "show",
    description =
        "Shows a rejected event with its reason and its content, over HTTP; needs a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  billing rejected show 42", "  billing rejected show 42 --json | jq -r .content"})
final class RejectedShowCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(
      paramLabel = "ID",
      converter = Whole.Id.class,
      description = "as rejected list shows it")
  private long id;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    ListOptions.printOne(remote.http().get("/rejected/" + id, new Query()), json, out);
    out.flush();
  }
}
