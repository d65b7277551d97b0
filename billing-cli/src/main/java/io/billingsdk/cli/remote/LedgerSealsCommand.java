package io.billingsdk.cli.remote;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing ledger seals}. */
@Command(
    name = "seals",
    description = "Lists the seals of ledger days, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing ledger seals --from 2027-01-01")
final class LedgerSealsCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Option(names = "--from", paramLabel = "DAY", description = "the first day, as 2027-01-31")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "DAY", description = "the last day, as 2027-01-31")
  private @Nullable String to;

  @Override
  public void run() {
    Columns columns =
        new Columns()
            .whole("day", "day")
            .number("rows", "rows")
            .number("cut", "cutNo")
            .whole("digest", "digest")
            .whole("key", "keyId")
            .whole("sealed", "sealedAt");
    Query query = new Query().with("from", from).with("to", to);
    list.print(remote.http(), "/ledger/seals", query, columns);
  }
}
