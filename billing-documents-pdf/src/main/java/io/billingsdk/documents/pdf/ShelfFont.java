package io.billingsdk.documents.pdf;

import io.billingsdk.documents.DocumentException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.NamingTable;
import org.apache.fontbox.ttf.OS2WindowsMetricsTable;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/** A TrueType font in memory. Thread-safe. */
final class ShelfFont {
  private final String name;
  private final byte[] bytes;
  private final String family;
  private final int weight;
  private final boolean isItalic;
  private final CmapLookup glyphs;

  private ShelfFont(String name, byte[] bytes, TrueTypeFont font) throws IOException {
    this.name = name;
    this.bytes = bytes;
    OS2WindowsMetricsTable metrics = font.getOS2Windows();
    this.weight = metrics == null ? 400 : metrics.getWeightClass();
    this.isItalic = metrics != null && (metrics.getFsSelection() & 1) != 0;
    this.family = family(name, font.getNaming());
    this.glyphs = font.getUnicodeCmapLookup();
  }

  static ShelfFont of(String name, byte[] bytes) {
    try (TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(bytes))) {
      return new ShelfFont(name, bytes, font);
    } catch (IOException | RuntimeException broken) {
      throw new DocumentException(
          "the font " + name + " is no TrueType font that can be read; replace or remove the file",
          broken);
    }
  }

  private static String family(String file, NamingTable naming) {
    String family = naming == null ? null : naming.getFontFamily();
    String known = family == null ? file : family;
    // It stands between quotation marks in CSS.
    return known.replaceAll("[^A-Za-z0-9 _-]", "_").toLowerCase(Locale.ROOT);
  }

  String name() {
    return name;
  }

  String family() {
    return family;
  }

  int weight() {
    return weight;
  }

  boolean isItalic() {
    return isItalic;
  }

  boolean covers(int character) {
    return glyphs.getGlyphId(character) != 0;
  }

  /** A parsed font of its own: it is not thread-safe. */
  TrueTypeFont open() {
    try {
      return new TTFParser().parse(new RandomAccessReadBuffer(bytes));
    } catch (IOException broken) {
      throw new DocumentException("the font " + name + " cannot be read", broken);
    }
  }

  byte[] sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return digest.digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
