package io.billingsdk.costs;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which names of models a row is for. The names come in small letters. */
public sealed interface ModelMatch {

  /** Whether a name is one of them. */
  boolean holds(String model);

  /** The name is this. */
  record Is(String text) implements ModelMatch {
    @Override
    public boolean holds(String model) {
      return Check.small(model).equals(Check.small(text));
    }
  }

  /** The name begins so. */
  record StartsWith(String text) implements ModelMatch {
    @Override
    public boolean holds(String model) {
      return Check.small(model).startsWith(Check.small(text));
    }
  }

  /** The name ends so. */
  record EndsWith(String text) implements ModelMatch {
    @Override
    public boolean holds(String model) {
      return Check.small(model).endsWith(Check.small(text));
    }
  }

  /** The name has this in it. */
  record Contains(String text) implements ModelMatch {
    @Override
    public boolean holds(String model) {
      return Check.small(model).contains(Check.small(text));
    }
  }

  /** A regular expression is found in the name. */
  record Regex(Pattern pattern) implements ModelMatch {
    private static final int LONGEST = 300;

    static Regex read(String field, String text) {
      if (text.length() > LONGEST) {
        throw new CostInputException(field, "at most " + LONGEST + " characters", text.length());
      }
      try {
        return new Regex(Pattern.compile(text));
      } catch (PatternSyntaxException e) {
        throw new CostInputException(field, "a regular expression", '"' + text + '"');
      }
    }

    @Override
    public boolean holds(String model) {
      return pattern.matcher(model).find();
    }
  }

  /** One of these holds. */
  record Any(List<ModelMatch> parts) implements ModelMatch {
    /** Copies the list. */
    public Any {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean holds(String model) {
      return parts.stream().anyMatch(part -> part.holds(model));
    }
  }

  /** All of these hold. */
  record All(List<ModelMatch> parts) implements ModelMatch {
    /** Copies the list. */
    public All {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean holds(String model) {
      return parts.stream().allMatch(part -> part.holds(model));
    }
  }
}
