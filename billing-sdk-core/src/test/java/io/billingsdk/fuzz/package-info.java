/**
 * For the authors of billing-sdk: looks for inputs that a reader of foreign bytes cannot take, by
 * coverage-guided fuzzing.
 */
@NullMarked
package io.billingsdk.fuzz;

import org.jspecify.annotations.NullMarked;
