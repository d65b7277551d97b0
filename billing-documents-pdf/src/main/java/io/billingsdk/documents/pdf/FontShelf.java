package io.billingsdk.documents.pdf;

import io.billingsdk.documents.DocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fonts that documents are printed with, in the order in which a character looks for its glyph.
 * They are in memory. Thread-safe.
 */
public final class FontShelf {
  private static final String BUILT_IN =
      "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

  private final List<ShelfFont> fonts;

  private FontShelf(List<ShelfFont> fonts) {
    this.fonts = List.copyOf(fonts);
  }

  /** Liberation Sans alone: Latin, Greek, Cyrillic. */
  public static FontShelf builtIn() {
    try (InputStream font =
        Objects.requireNonNull(FontShelf.class.getResourceAsStream(BUILT_IN), BUILT_IN)) {
      return new FontShelf(
          List.of(ShelfFont.of("LiberationSans-Regular.ttf", font.readAllBytes())));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /**
   * The TrueType fonts of a folder, by the names of their files; Liberation Sans comes last, unless
   * a file has it.
   *
   * @param folder with files {@code *.ttf}; other files are ignored
   */
  public static FontShelf of(Path folder) {
    List<ShelfFont> fonts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted = files.filter(FontShelf::isTrueType).sorted().toList();
      for (Path file : sorted) {
        fonts.add(ShelfFont.of(String.valueOf(file.getFileName()), Files.readAllBytes(file)));
      }
    } catch (IOException unreadable) {
      throw new DocumentException(
          "cannot read the folder of fonts " + folder + "; create it, and lay *.ttf files into it",
          unreadable);
    }
    for (ShelfFont font : builtIn().fonts) {
      if (fonts.stream().noneMatch(each -> each.family().equals(font.family()))) {
        fonts.add(font);
      }
    }
    return new FontShelf(fonts);
  }

  private static boolean isTrueType(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".ttf");
  }

  /** SHA-256 over names and contents, in hexadecimal: which fonts made a document. */
  public String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (ShelfFont font : fonts) {
        digest.update(font.sha256());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The first family that has a character in all its cuts; empty if none has it. */
  Optional<String> familyOf(int character) {
    return families().stream()
        .filter(family -> cuts(family).stream().allMatch(font -> font.covers(character)))
        .findFirst();
  }

  /** The fonts of these families, and of the first one. */
  List<ShelfFont> of(Set<String> families) {
    String first = fonts.get(0).family();
    return fonts.stream()
        .filter(font -> families.contains(font.family()) || font.family().equals(first))
        .toList();
  }

  /** How {@code font-family} of CSS names these fonts, in their order. */
  static String css(List<ShelfFont> fonts) {
    return fonts.stream()
        .map(ShelfFont::family)
        .distinct()
        .map(family -> "'" + family + "'")
        .collect(Collectors.joining(", "));
  }

  /** The names of the files, for messages. */
  String names() {
    return fonts.stream().map(ShelfFont::name).collect(Collectors.joining(", "));
  }

  private List<String> families() {
    return fonts.stream().map(ShelfFont::family).distinct().toList();
  }

  private List<ShelfFont> cuts(String family) {
    return fonts.stream().filter(font -> font.family().equals(family)).toList();
  }

  /** The families that these characters need, and the characters that no font has. */
  record Needed(Set<String> families, Set<Integer> missing) {}

  Needed needed(Set<Integer> characters) {
    Needed needed = new Needed(new TreeSet<>(), new TreeSet<>());
    for (int character : characters) {
      familyOf(character)
          .ifPresentOrElse(needed.families()::add, () -> needed.missing().add(character));
    }
    return needed;
  }
}
