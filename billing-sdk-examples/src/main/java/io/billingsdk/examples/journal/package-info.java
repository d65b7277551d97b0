/** For operators: the commands that look into a journal's directory. */
@NullMarked
package io.billingsdk.examples.journal;

import org.jspecify.annotations.NullMarked;
