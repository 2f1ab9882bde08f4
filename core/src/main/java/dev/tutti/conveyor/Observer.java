package dev.tutti.conveyor;

import java.util.List;

/** Is told what the conveyor does, to measure it, to wake others and to raise alarms. */
public interface Observer {
    /** A batch was committed; these are its ledger entries. */
    void committed(int commands, List<Store.Posting> postings);

    /** Something that must not happen has happened; the commands concerned were refused. */
    void alarm(String what, Throwable cause);

    Observer NONE = new Observer() {
        @Override
        public void committed(int commands, List<Store.Posting> postings) {}

        @Override
        public void alarm(String what, Throwable cause) {}
    };
}
