/** For operators: the commands that look into a journal's directory. */
@NullMarked
package io.billingsdk.cli.journal;

import org.jspecify.annotations.NullMarked;
