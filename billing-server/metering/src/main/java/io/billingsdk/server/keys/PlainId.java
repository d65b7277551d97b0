package io.billingsdk.server.keys;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.common.ShownText;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * An id that is what it looks like: who reads an invoice or a list must not take one customer for
 * another. Ids that were made before stay as they are, and are shown with escapes.
 */
final class PlainId {
  private static final Set<UnicodeScript> OF_ALL =
      EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED);

  /** Scripts that one language writes together. */
  private static final List<Set<UnicodeScript>> TOGETHER =
      List.of(
          EnumSet.of(
              UnicodeScript.LATIN,
              UnicodeScript.HAN,
              UnicodeScript.HIRAGANA,
              UnicodeScript.KATAKANA),
          EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL),
          EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO));

  /** Letters of other scripts, and at the same place the Latin ones that they look like. */
  private static final String ALIKE =
      "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u04cf"
          + "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408"
          + "\u0405\u04c0\u03bf\u03bd\u03b1\u03c1\u03b9\u03ba\u03c5\u03f2\u03f3\u0391\u0392\u0395"
          + "\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u0131\u0261\u0251";

  private static final String LATIN =
      "aeopcyxijshdqwl" + "ABEKMHOPCTYXIJ" + "SIovapikucjABE" + "ZHIKMNOPTYXiga";

  /** Ids beyond ASCII have an index of their own; they are few. */
  private static final String OTHERS =
      "SELECT app_id FROM app WHERE octet_length(app_id) <> char_length(app_id)"
          + " UNION ALL SELECT app_id FROM app WHERE app_id = :looks";

  private PlainId() {}

  /** Refuses one that is not what it looks like. */
  static void require(String field, String id) {
    if (id.codePoints().anyMatch(ShownText::isHidden)) {
      throw RequestRefusedException.invalid(
          field, "without control characters and characters not seen");
    }
    if (!id.equals(id.strip()) || id.contains("  ")) {
      throw RequestRefusedException.invalid(
          field, "without blanks at its ends, and without two blanks together");
    }
    if (!Normalizer.isNormalized(id, Normalizer.Form.NFKC)) {
      throw RequestRefusedException.invalid(field, "in the Unicode normalization form NFKC");
    }
    if (!isOfOneScript(id)) {
      throw RequestRefusedException.invalid(field, "of letters of one script");
    }
  }

  private static boolean isOfOneScript(String id) {
    Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
    id.codePoints().mapToObj(UnicodeScript::of).forEach(scripts::add);
    scripts.removeAll(OF_ALL);
    return scripts.size() <= 1
        || TOGETHER.stream().anyMatch(together -> together.containsAll(scripts));
  }

  /** Refuses an id of an app that looks like that of another one. */
  static void requireUnlikeOthers(Handle handle, String id) {
    String looks = looks(id);
    List<String> others =
        handle.createQuery(OTHERS).bind("looks", looks).mapTo(String.class).list();
    for (String other : others) {
      if (!other.equals(id) && looks(other).equals(looks)) {
        throw RequestRefusedException.conflict(
            "appId", "it looks like the app " + other + ", which is there already");
      }
    }
  }

  /** What an id looks like. */
  static String looks(String id) {
    StringBuilder looks = new StringBuilder(id.length());
    for (char each : Normalizer.normalize(id, Normalizer.Form.NFKC).toCharArray()) {
      int place = ALIKE.indexOf(each);
      looks.append(place < 0 ? each : LATIN.charAt(place));
    }
    return looks.toString();
  }
}
