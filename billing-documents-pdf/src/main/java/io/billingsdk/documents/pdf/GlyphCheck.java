package io.billingsdk.documents.pdf;

import io.billingsdk.documents.DocumentException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Finds the fonts for the characters of a page. Without it, a name in a script that no font has
 * would be printed as a row of {@code #}.
 */
final class GlyphCheck {
  private GlyphCheck() {}

  /** The families that the page needs; refuses a character that no font has. */
  static Set<String> families(Document page, FontShelf fonts) {
    Set<Integer> characters = new TreeSet<>();
    // Digits and what page numbers are of are in no text of the page.
    "0123456789 /".chars().forEach(characters::add);
    collect(page.getElementsByTagName("body").item(0), characters);
    FontShelf.Needed needed = fonts.needed(characters);
    if (!needed.missing().isEmpty()) {
      throw missing(page, needed.missing().iterator().next(), fonts);
    }
    return needed.families();
  }

  private static void collect(@Nullable Node node, Set<Integer> characters) {
    if (node == null) {
      return;
    }
    if (node.getNodeType() == Node.TEXT_NODE) {
      node.getNodeValue().codePoints().filter(GlyphCheck::isShown).forEach(characters::add);
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      collect(child, characters);
    }
  }

  private static boolean isShown(int character) {
    return !Character.isISOControl(character);
  }

  private static DocumentException missing(Document page, int character, FontShelf fonts) {
    String place = place(page.getElementsByTagName("body").item(0), character);
    return new DocumentException(
        "no font has the character %s (U+%04X) of %s; lay a TrueType font that has it into the folder of fonts, which has: %s"
            .formatted(Character.toString(character), character, place, fonts.names()));
  }

  /** The place of the first text with a character. */
  private static String place(@Nullable Node node, int character) {
    if (node == null) {
      return "";
    }
    if (node.getNodeType() == Node.TEXT_NODE
        && node.getNodeValue().codePoints().anyMatch(each -> each == character)) {
      return named(node);
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      String found = place(child, character);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return "";
  }

  private static String named(Node text) {
    for (Node node = text; node != null; node = node.getParentNode()) {
      if (node instanceof Element element && element.hasAttribute("data-place")) {
        return element.getAttribute("data-place");
      }
    }
    return "the page";
  }
}
