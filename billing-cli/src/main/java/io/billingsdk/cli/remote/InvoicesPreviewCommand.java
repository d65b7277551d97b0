package io.billingsdk.cli.remote;

import io.billingsdk.server.common.ShownText;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing invoices preview}. */
@Command(
    name = "preview",
    description = {
      "Writes a sample invoice as PDF, by a template and the fonts of the server,"
          + " over HTTP; with a token to read."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices preview --seller acme --lang de --out sample.pdf")
final class InvoicesPreviewCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(names = "--seller", paramLabel = "SELLER", required = true, description = "its id")
  private String seller = "";

  @Option(
      names = "--lang",
      paramLabel = "LANGUAGE",
      description = "en, de or zh-CN (default: ${DEFAULT-VALUE})")
  private String language = "en";

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "of the billing settings (default: that of the seller)")
  private @Nullable String template;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "the file to write (default: ${DEFAULT-VALUE})")
  private Path file = Path.of("preview.pdf");

  @Override
  public void run() {
    Download.to(
        remote.http(),
        "/sellers/" + Query.segment(seller) + "/document-preview",
        new Query().with("language", language).with("template", template),
        file);
    PrintWriter out = spec.commandLine().getOut();
    out.println(ShownText.of(file.toString()));
    out.flush();
  }
}
