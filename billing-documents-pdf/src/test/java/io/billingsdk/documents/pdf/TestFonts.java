package io.billingsdk.documents.pdf;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The fonts of the tests: DejaVu Sans, and a TrueType font with Chinese, from Debian's packages.
 */
final class TestFonts {
  private static final Path CHINESE =
      Path.of("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf");
  private static final Path LATIN = Path.of("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");

  private TestFonts() {}

  /** Skips the test where the font with Chinese is absent. */
  static FontShelf withChinese(Path folder, String proof) {
    if (!Files.isReadable(CHINESE)) {
      String why = "there is no " + CHINESE + " (Debian: fonts-droid-fallback)";
      Proof.skipped(proof, why);
      Assumptions.abort(why);
    }
    try {
      if (Files.isReadable(LATIN)) {
        Files.copy(LATIN, folder.resolve("1.ttf"));
      }
      Files.copy(CHINESE, folder.resolve("2.ttf"));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return FontShelf.of(folder);
  }
}
