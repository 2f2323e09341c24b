"""Configurations of a PBX as Asterisk's documentation and FreePBX's generated files write them."""

from collections.abc import Mapping
from pathlib import Path

GOOD_STEP = "MixMonitor(${UNIQUEID}.wav,r(${UNIQUEID}-in.wav)t(${UNIQUEID}-out.wav))"

EXTENSIONS = f"""
[general]
static = yes

[globals]
TRUNK = PJSIP/trunk

[from-trunk]
exten => 0443900000,1,Answer()
 same => n,{GOOD_STEP}
 same => n,Playback(custom/recording-notice) ; this call is recorded
 same => n,Queue(support,t,,,300)
 same => n,Hangup()
"""

CEL = """
[general]
enable=yes
apps=dial,park,playback,background
events=APP_START,APP_END,CHAN_START,CHAN_END
"""

CEL_CUSTOM = "[mappings]\nMaster.csv => ${CSV_QUOTE(${eventtype})},${CSV_QUOTE(${eventtime})}\n"

GOOD: Mapping[str, str] = {
    "extensions.conf": EXTENSIONS,
    "queues.conf": "[general]\n[support]\nmember => PJSIP/201\n",
    "cel.conf": CEL,
    "cel_custom.conf": CEL_CUSTOM,
    "cdr.conf": "[general]\nenable=yes\n[csv]\n",
    "logger.conf": "[general]\nqueue_log = yes\n[logfiles]\n",
}

SUB_RECORD_CHECK = """
[sub-record-check]
exten => s,1,GotoIf($[${LEN(${FROMEXTEN})}]?initialized)
exten => s,n,Set(__REC_STATUS=INITIALIZED)
exten => s,n,Set(__MON_FMT=${IF($["${MIXMON_FORMAT}"="wav49"]?WAV:${MIXMON_FORMAT})})
exten => s,n(initialized),Noop(Recordings initialized)
exten => s,n,ExecIf($[!${LEN(${ARG3})}]?Set(ARG3=dontcare))
exten => s,n,GotoIf($[${DIALPLAN_EXISTS(sub-record-check,${ARG1})}]?sub-record-check,${ARG1},1)
exten => s,n,Return()

exten => in,1,Noop(Inbound Recording Check to ${ARG2})
exten => in,n,Gosub(recordcheck,1(${ARG3},in,${ARG2}))
exten => in,n,Return()

exten => recordcheck,1,Noop(Starting recording check against ${ARG1})
exten => recordcheck,n,Goto(${ARG1})
exten => recordcheck,n(dontcare),Return()
exten => recordcheck,n(force),Set(__REC_POLICY_MODE=FORCE)
exten => recordcheck,n,GotoIf($["${REC_STATUS}"!="RECORDING"]?startrec)
exten => recordcheck,n,Return()
exten => recordcheck,n(startrec),Noop(Starting recording: ${ARG2}, ${ARG3})
exten => recordcheck,n,Set(__CALLFILENAME=${ARG2}-${ARG3}-${FROMEXTEN}-${TIMESTR}-${UNIQUEID})
exten => recordcheck,n,MixMonitor(${MIXMON_DIR}${YEAR}/${CALLFILENAME}.${MON_FMT},a${MONITOR_REC_OPTION}i(${LOCAL_MIXMON_ID})${MIXMON_BEEP},${MIXMON_POST})
exten => recordcheck,n,Set(__REC_STATUS=RECORDING)
exten => recordcheck,n,Return()
"""


def additional(request: str, option: str = "", form: str = "wav", post: str = "") -> str:
    """FreePBX's generated dialplan: an inbound route, its announcement, an extension, and recording.

    Args:
        request: what the route asks of the recording: force, dontcare, …
        option: MONITOR_REC_OPTION.
        form: MIXMON_FORMAT.
        post: MIXMON_POST.
    """
    return f"""
[globals]
#include globals_custom.conf
MIXMON_DIR =
MIXMON_BEEP =
MIXMON_FORMAT = {form}
MIXMON_POST = {post}
MONITOR_REC_OPTION = {option}

[ext-did-0002]
include => ext-did-0002-custom
exten => 0443900000,1,Set(__DIRECTION=INBOUND)
exten => 0443900000,n,Gosub(sub-record-check,s,1(in,${{EXTEN}},{request}))
exten => 0443900000,n(dest-ext),Goto(app-announcement-1,s,1)

[app-announcement-1]
exten => s,1,GotoIf($["${{CHANNEL(state)}}" = "Up"]?begin)
exten => s,n,Answer
exten => s,n(begin),Noop(Playing announcement)
exten => s,n(play),Playback(custom/recording-notice,noanswer)
exten => s,n,Goto(from-did-direct,201,1)

[from-did-direct]
exten => 201,1,Macro(exten-vm,novm,201,0,0,0)

[macro-exten-vm]
exten => s,1,Set(EXTTOCALL=${{ARG2}})
exten => s,n,Gosub(sub-record-check,s,1(exten,${{EXTTOCALL}},dontcare))
exten => s,n,Dial(PJSIP/201)
{SUB_RECORD_CHECK}"""


FREEPBX_CEL = """
[general]
enable=yes
apps=confbridge,meetme,mixmonitor,queue,stopmixmonitor,voicemail,voicemailmain
events=ALL
dateformat=%F %T
"""


def freepbx(request: str = "force", **options: str) -> dict[str, str]:
    """A FreePBX system's files; arguments as of ``additional``."""
    return {
        **GOOD,
        "extensions.conf": "#include extensions_additional.conf\n#tryinclude extensions_custom.conf\n",
        "extensions_additional.conf": additional(request, **options),
        "globals_custom.conf": "",
    }


FREESWITCH = """<include>
<context name="public">
  <extension name="support">
    <condition field="destination_number" expression="^0443900000$">
      <action application="set" data="RECORD_STEREO=true"/>
      <action application="answer"/>
      <action application="record_session" data="$${recordings_dir}/${uuid}.wav"/>
      <action application="playback" data="ivr/recording-notice.wav"/>
      <action application="bridge" data="user/201"/>
    </condition>
  </extension>
</context>
</include>
"""


def write(root: Path, files: Mapping[str, str]) -> Path:
    """A directory with these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
