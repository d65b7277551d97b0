/** For readers of the README: the source of its snippets, compiled and run by the tests. */
@NullMarked
package io.billingsdk.examples.snippets;

import org.jspecify.annotations.NullMarked;
