package io.billingsdk.seal;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process that seals a day of many rows, and verifies it as it was, and with all rows changed; it
 * prints how many findings there were each time.
 */
final class ManyRows {
  private static final LocalDate DAY = LocalDate.of(2026, 5, 1);

  private ManyRows() {}

  /** Of a number of rows, with a file for the entries. */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    int rows = Integer.parseInt(arguments[0]);
    Path file = Path.of(arguments[1]);
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    OpenSeal open = new Sealer(keys.getPrivate()).open(DAY, Optional.empty());
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < rows; i++) {
        out.write(open.add(row(i, "1")).line());
        out.newLine();
      }
    }
    DaySeal seal = open.close();
    SealVerifier verifier = new SealVerifier(keys.getPublic());
    System.out.println(findings(verifier, seal, file, "1").size());
    System.out.println(findings(verifier, seal, file, "2").size());
  }

  private static List<SealFinding> findings(
      SealVerifier verifier, DaySeal seal, Path file, String usage) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      DayCheck check =
          verifier.check(
              seal, Optional.empty(), Optional.of(in.lines().map(SealEntry::parse).iterator()));
      for (int i = 0; i < seal.rows(); i++) {
        check.found(row(i, usage));
      }
      return check.close();
    }
  }

  private static LedgerRow row(int number, String usage) {
    String id = "usage_event/2a1c7f3e-0000-4000-8000-000000000000/%09d".formatted(number);
    return LedgerRow.of(id, Map.of("app_id", "gateway", "model", "gpt", "usage", usage));
  }
}
