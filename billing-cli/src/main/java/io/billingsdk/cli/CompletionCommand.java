package io.billingsdk.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code billing completion}. */
@Command(
    name = "completion",
    description = "Prints a script that completes the commands and their options in bash and zsh.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(billing completion)                       in this shell, bash or zsh",
      "  billing completion > /etc/bash_completion.d/billing  in all shells of bash"
    })
final class CompletionCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("billing", spec.root().commandLine()));
    out.flush();
  }
}
