package io.billingsdk.server.web;

import java.time.Duration;

/** The request ends with a problem. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final Duration retryAfter;

  ProblemException(Problem problem) {
    this(problem, Duration.ZERO);
  }

  /**
   * The same.
   *
   * @param retryAfter when it is worth another try; zero says nothing of it
   */
  ProblemException(Problem problem, Duration retryAfter) {
    super(problem.detail());
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  Problem problem() {
    return problem;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
